/**
 * Holds rules, attacks and tests together: every rule of the protocols, and
 * every attack that must fail, has a test whose name starts with its id, and no
 * test names a rule that is not there.
 */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { RULE_AREAS, RULES } from '../../protocol/src/rules.ts';

/** Attacks on what exists so far. */
const ATTACKS: Readonly<Record<string, string>> = {
  A4: 'garbage for names of rsa-line is answered alike, in the same time',
  A6: 'X-Forwarded-For changes nothing',
  A10: 'empty, partial, null and array secrets are refused',
  A13: 'a held nickname cannot be had by case, width or look-alikes, nor many be held by one address',
  B10: 'whoever takes a free nickname is another person, and edits nothing of the former one',
  C1: 'line ends of any kind in any field forge no line of another front end',
  C2: 'a text that imitates a line or notice carries its writer’s prefix',
  C3: 'nicknames that imitate notices or senders are refused',
  C4: 'bidirectional, zero-width and tag characters are refused in names and turn nothing around in texts',
  C5: 'control sequences reach no terminal, no console and no classic client',
  C7: 'invalid UTF-8, overlong forms and lone surrogates are refused, never repaired',
  D1: 'what people write is never HTML',
  D2: 'only http, https and mailto become links',
  D3: 'no HTML is parsed, Trusted Types are required',
  D4: 'a WebSocket from a foreign Origin, and a Host that is not ours, are refused',
  D6: 'the page cannot be framed, and redirects nowhere else',
  F1: 'a connection that dawdles is closed in time',
  F2: 'a line without end is cut off',
  F3: 'a flood before login is closed',
  F4: 'WebSocket frames past the limits, or against the standard, close',
  F5: 'a storm of connections is held back and leaves no error',
  F7: 'every list has a maximum',
  F10: 'readers that stall cost a bounded queue',
  F11: 'a flood of bad lines is logged in samples, a full disk is told and reading goes on',
};

const root = join(import.meta.dirname, '../..');
const RULE = `(?:${Object.keys(RULE_AREAS).join('|')})-\\d+`;
const ID = new RegExp(`\\b(?:${RULE}|[A-H]\\d+)\\b`, 'g');
/** A quoted string that starts with one id or several: `SEND-2 C7 a retried …`. */
const NAME = new RegExp(`['"\`]((?:(?:${RULE}|[A-H]\\d+)[\\s,:]+(?:and )?)+)`, 'g');

/** The ids that test names start with, each with the files that name it. */
function readNamedIds(): Map<string, string[]> {
  const named = new Map<string, string[]>();
  const files = globSync(['{protocol,server,clients,web,terminal,bench,scripts}/**/*.{test,spec}.{ts,tsx}'], {
    cwd: root,
    exclude: ['**/node_modules/**', '**/dist/**'],
  });
  for (const file of files) {
    if (file.endsWith('rules.test.ts')) continue;
    for (const [, ids = ''] of readFileSync(join(root, file), 'utf8').matchAll(NAME)) {
      for (const [id] of ids.matchAll(ID)) named.set(id, [...(named.get(id) ?? []), file]);
    }
  }
  return named;
}

const named = readNamedIds();

function assertAllNamed(all: Readonly<Record<string, string>>, what: string): void {
  const missing = Object.entries(all).filter(([id]) => !named.has(id));
  const list = missing.map(([id, sentence]) => `  ${id}  ${sentence}`).join('\n');
  assert.equal(
    missing.length,
    0,
    `${missing.length} of ${Object.keys(all).length} ${what} have no test:\n${list}`,
  );
}

test('every rule has a test whose name starts with its id', () => {
  assertAllNamed(RULES, 'rules');
});

test('every attack has a test whose name starts with its id', () => {
  assertAllNamed(ATTACKS, 'attacks');
});

test('no test names a rule that is not there', () => {
  const unknown = [...named]
    .filter(([id]) => id.includes('-') && !Object.hasOwn(RULES, id))
    .map(([id, files]) => `${id} in ${files.join(', ')}`);
  assert.deepEqual(unknown, []);
});
