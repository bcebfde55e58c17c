/**
 * Writes what is generated from the schema, or with `--check` says which of it
 * is stale: the validators, the JSON Schema and the reference page.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeReference } from './generate-reference.ts';
import { writeSchema } from './generate-schema.ts';
import { writeValidators } from './generate-validators.ts';

const root = join(import.meta.dirname, '../..');
const files = {
  'protocol/generated/validators.ts': writeValidators,
  'protocol/generated/schema.json': writeSchema,
  'docs/protocol-reference.md': writeReference,
};

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const check = process.argv.includes('--check');
for (const [file, write] of Object.entries(files)) {
  const path = join(root, file);
  const text = write();
  if (readIfThere(path) === text) continue;
  if (check) {
    console.error(`${file} is stale: run npm run generate`);
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`wrote ${file}`);
  }
}
