import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildTable } from './build.ts';
import { TABLE_FILE } from './skeleton.ts';

test('NAME-5 the table of look-alikes that is kept is the one that the data gives (node server/src/chat/look-alikes/write.ts)', () => {
  assert.deepEqual(JSON.parse(readFileSync(TABLE_FILE, 'utf8')), buildTable());
});
