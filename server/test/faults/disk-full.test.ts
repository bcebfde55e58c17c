/** The store on a disk that is really full. What needs no root (a limit on the file's pages) is in the store's own tests. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { ada, append, appendAll, makeRoom, say, wholeRange } from '../../src/store/contract/fixture.ts';
import type { Outcome } from '../../src/store/port.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { fillDisk, withSmallDisk } from '../small-disk.ts';

describe('a full disk', () => {
  test('F11 senders are told, readers go on, nothing half is there, and writing works again when there is room', (context) =>
    withSmallDisk(context, 4_096, async (folder) => {
      const told = new Map<string, () => void>();
      const until = (sentence: string): Promise<void> =>
        new Promise((resolve) => told.set(sentence, resolve));
      const store = await openSqliteStore({
        file: join(folder, 'room.db'),
        onTrouble: (sentence) => told.get(sentence)?.(),
      });
      try {
        const room = await makeRoom(store, 'lobby');
        const acknowledged = [await append(store, { room, from: ada, body: say('before', 'k0') })];
        fillDisk(join(folder, 'filler'));

        const recovered = until('The database can be written again.');
        const refused: Outcome[] = [];
        let keys = 0;
        while (store.healthy) {
          const bodies = Array.from({ length: 20 }, () => say('x'.repeat(2_000), `k${(keys += 1)}`));
          const outcomes = await appendAll(store, room, ada, bodies);
          acknowledged.push(...outcomes.filter(({ ok }) => ok));
          refused.push(...outcomes.filter(({ ok }) => !ok));
        }
        assert.ok(refused.length > 0);
        assert.deepEqual(refused[0], { ok: false, why: 'unavailable' });
        const there = (await store.read(room, wholeRange)).map(({ seq }) => seq);
        assert.deepEqual(
          there,
          acknowledged.map((outcome) => outcome.ok && outcome.seq),
        );

        rmSync(join(folder, 'filler'));
        await recovered;
        assert.equal(store.healthy, true);
        const again = await append(store, { room, from: ada, body: say('x'.repeat(2_000), `k${keys}`) });
        assert.deepEqual(again.ok && [again.seq, again.repeated], [there.length + 1, false]);
        const first = await append(store, { room, from: ada, body: say('before', 'k0') });
        assert.deepEqual(first, { ...acknowledged[0], repeated: true });
        assert.equal((await store.read(room, wholeRange)).length, there.length + 1);
      } finally {
        await store.close();
      }
    }));
});
