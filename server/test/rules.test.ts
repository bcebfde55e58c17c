/**
 * Holds the rules of the protocols and the tests together: every rule has a
 * test whose name starts with its id, and no test names a rule that is not there.
 */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { RULE_AREAS, RULES } from '../../protocol/src/rules.ts';

const root = join(import.meta.dirname, '../..');
const ID = new RegExp(`(?:${Object.keys(RULE_AREAS).join('|')})-\\d+`, 'g');
/** A quoted string that starts with one id or several: `SEND-2 SEND-3 a retried …`. */
const NAME = new RegExp(`['"\`]((?:${ID.source}[\\s,:]+(?:and )?)+)`, 'g');

/** The ids that test names start with, each with the files that name it. */
function readNamedRules(): Map<string, string[]> {
  const named = new Map<string, string[]>();
  const files = globSync(
    ['*/{src,test}/**/*.test.{ts,tsx}', 'clients/*/{src,test}/**/*.test.ts', '{web,bench}/**/*.spec.ts'],
    {
      cwd: root,
      exclude: ['**/node_modules/**'],
    },
  );
  for (const file of new Set(files)) {
    if (file.endsWith('rules.test.ts')) continue;
    for (const [, ids = ''] of readFileSync(join(root, file), 'utf8').matchAll(NAME)) {
      for (const [id] of ids.matchAll(ID)) named.set(id, [...(named.get(id) ?? []), file]);
    }
  }
  return named;
}

const named = readNamedRules();

test('every rule has a test whose name starts with its id', () => {
  const missing = Object.entries(RULES).filter(([id]) => !named.has(id));
  const list = missing.map(([id, rule]) => `  ${id}  ${rule}`).join('\n');
  assert.equal(
    missing.length,
    0,
    `${missing.length} of ${Object.keys(RULES).length} rules have no test:\n${list}`,
  );
});

test('no test names a rule that is not there', () => {
  const unknown = [...named]
    .filter(([id]) => !Object.hasOwn(RULES, id))
    .map(([id, files]) => `${id} in ${files.join(', ')}`);
  assert.deepEqual(unknown, []);
});
