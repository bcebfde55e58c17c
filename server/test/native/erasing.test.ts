import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { comeIn, startTestServer } from '../harness.ts';

/** Whether a text's bytes are in any file of the folder. */
async function isInFolder(folder: string, text: string): Promise<boolean> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isFile() && (await readFile(join(folder, entry.name))).includes(text)) return true;
  }
  return false;
}

test('EDIT-5 PROMISE-6 within a second of the ok no byte of a deleted text, or of its edits, is in the data folder', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  const texts = ['the first secret 秘密 0xA1', 'the second secret 秘密 0xB2'];
  for (let count = 0; count < 50; count += 1)
    await ada.ok({ type: 'send', room: 'lobby', text: `around ${count}` });
  const { seq: of } = await ada.ok({ type: 'send', room: 'lobby', text: texts[0] });
  await ada.ok({ type: 'edit', room: 'lobby', of, text: texts[1] });
  for (const text of texts) assert.equal(await isInFolder(server.folder, text), true);
  await ada.ok({ type: 'delete', room: 'lobby', of });
  const deleted = performance.now();
  const isLeft = async (): Promise<boolean> =>
    (await isInFolder(server.folder, texts[0] ?? '')) || isInFolder(server.folder, texts[1] ?? '');
  while (await isLeft()) {
    assert.ok(performance.now() - deleted < 5_000, 'the text is still there after five times the promise');
    await ada.roundTrip();
  }
  t.diagnostic(`gone ${Math.round(performance.now() - deleted)} ms after the ok`);
  const page = await ada.ok({ type: 'history', room: 'lobby', around: of, limit: 3 });
  const seqs = (page['entries'] as { seq: number }[]).map((entry) => entry.seq);
  assert.deepEqual(
    seqs,
    seqs.map((_, index) => (seqs[0] ?? 0) + index),
  );
});
