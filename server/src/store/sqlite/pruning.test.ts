import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { ada, append, appendAll, createTestClock, makeRoom, say } from '../contract/fixture.ts';
import { KEY_LIFE_MS } from '../page-rules.ts';
import { openSqliteStore } from './store.ts';
import { createTestFile } from './test-file.ts';

test('pruning removes every old key, in steps, and leaves those that still hold', async () => {
  const { file, folder } = createTestFile();
  const clock = createTestClock();
  const store = await openSqliteStore({ file, clock });
  const keysThere = (): unknown[] => {
    const db = new DatabaseSync(file, { readOnly: true });
    const rows = db.prepare('SELECT key, seq FROM send_key ORDER BY seq').all();
    db.close();
    return rows.map((row) => ({ ...row }));
  };
  try {
    const room = await makeRoom(store, 'lobby');
    const bodies = Array.from({ length: 4_500 }, (_, i) => say('x', i % 2 === 0 ? `k${i}` : null));
    await appendAll(store, room, ada, bodies);
    await store.directory.prune(0);
    assert.equal(keysThere().length, 2_250);
    clock.advance(KEY_LIFE_MS);
    await appendAll(store, room, ada, [say('x', 'k0'), say('x', 'new')]);
    await store.directory.prune(0);
    const held = [
      { key: 'k0', seq: 4_501 },
      { key: 'new', seq: 4_502 },
    ];
    assert.deepEqual(keysThere(), held);
    clock.advance(KEY_LIFE_MS - 1);
    await store.directory.prune(0);
    assert.deepEqual(keysThere(), held);
    assert.equal((await append(store, { room, from: ada, body: say('x', 'new') })).ok, true);
    clock.advance(1);
    await store.directory.prune(0);
    assert.deepEqual(keysThere(), []);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
});
