import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ERRORS } from './errors.ts';
import { COMMON_ERRORS, EXAMPLES } from './examples.ts';
import { writeReference } from './generate-reference.ts';
import { writeSchema } from './generate-schema.ts';
import { requests, type RequestType } from './requests.ts';
import { findServerFault } from './server-messages.ts';

const types = Object.keys(requests) as RequestType[];

test('what is generated is up to date', () => {
  execFileSync(process.execPath, [join(import.meta.dirname, 'generate.ts'), '--check']);
});

test('the validators import nothing at run time', () => {
  const code = readFileSync(join(import.meta.dirname, '../generated/validators.ts'), 'utf8');
  const imports = code.split('\n').filter((line) => /\bimport\b/.test(line) && !line.startsWith('//'));
  assert.deepEqual(imports, ["import type { Request } from '../src/requests.ts';"]);
});

test('the example answer of every request fits the schema', () => {
  for (const type of types) assert.equal(findServerFault(EXAMPLES[type].answer, type), undefined);
});

test('a server message with a field that the schema does not name is found out', () => {
  assert.match(findServerFault({ ...EXAMPLES.send.answer, extra: 1 }, 'send') ?? '', /extra/);
  assert.match(findServerFault({ type: 'ok', seq: 0, time: '' }, 'send') ?? '', /seq/);
  assert.match(findServerFault({ type: 'nothing' }) ?? '', /unknown type/);
  assert.match(findServerFault({ type: 'error', code: 'nothing', message: '' }) ?? '', /code/);
});

test('every reference within the JSON Schema leads somewhere', () => {
  const schema = JSON.parse(writeSchema());
  const references = [...JSON.stringify(schema).matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g)].map(([, name]) =>
    String(name),
  );
  assert.ok(references.length > types.length);
  for (const name of references) assert.ok(Object.hasOwn(schema.$defs, name), name);
});

test('every error code is in the reference, and the examples name only those of the list', () => {
  const reference = writeReference();
  for (const code of Object.keys(ERRORS)) assert.ok(reference.includes(`| \`${code}\` |`), code);
  for (const code of types.flatMap((type) => EXAMPLES[type].errors)) {
    assert.ok(Object.hasOwn(ERRORS, code), code);
    assert.ok(!COMMON_ERRORS.some((common) => common === code), `${code} is one of every request`);
  }
});
