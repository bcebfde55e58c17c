import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe } from 'node:test';
import { StoreUnavailable, type Outcome } from '../port.ts';
import { ada, append, appendAll, edit, endPage, erase, ming, say, storeTest, wholeRange } from './fixture.ts';
import type { OpenFixture } from './fixture.ts';

export function describeLasting(open: OpenFixture): void {
  describe('lasting', () => {
    storeTest(
      open,
      'what had settled is there after the store is opened again',
      async ({ store, clock, reopen }, room) => {
        const session = createHash('sha256').update('a').digest();
        await store.directory.createPerson(ada, session);
        await append(store, { room, from: ada, body: { kind: 'enter' }, hold: true });
        await appendAll(store, room, ada, [
          say('one', 'k'),
          say('two'),
          edit(2, 'one!'),
          erase(3),
          { kind: 'topic', topic: 't' },
        ]);
        await store.directory.markRead(ada.id, room, 2);
        const before = [
          await store.open(room),
          await store.read(room, wholeRange),
          await store.history(room, endPage),
        ];
        const again = await reopen();
        assert.equal(again.log, store.log);
        const after = [
          await again.open(room),
          await again.read(room, wholeRange),
          await again.history(room, endPage),
        ];
        assert.deepEqual(after, before);
        assert.equal((await again.directory.rooms())[0]?.topic, 't');
        assert.deepEqual(await again.directory.unread(ada, [room]), [
          { room, marker: 2, unread: 1, mentions: 0 },
        ]);
        assert.deepEqual(await again.directory.resumeSession(session, 0), ada);
        clock.advance(-1_000);
        const outcomes = await appendAll(again, room, ada, [say('one', 'k'), say('three')]);
        const time = clock.now() + 1_000;
        assert.deepEqual(outcomes, [
          { ok: true, seq: 2, time, repeated: true },
          { ok: true, seq: 7, time, repeated: false },
        ] satisfies Outcome[]);
      },
    );

    storeTest(
      open,
      'closing commits what was handed over; what comes after is unavailable',
      async ({ store, reopen }, room) => {
        const pending = appendAll(store, room, ming, [say('one'), say('two')]);
        const marker = store.directory.markRead(ming.id, room, 1);
        await store.close();
        const late = append(store, { room, from: ming, body: say('late') });
        assert.deepEqual(
          (await pending).map(({ ok }) => ok),
          [true, true],
        );
        assert.equal(await marker, 1);
        assert.deepEqual(await late, { ok: false, why: 'unavailable' });
        await assert.rejects(store.read(room, wholeRange), StoreUnavailable);
        await assert.rejects(store.directory.rooms(), StoreUnavailable);
        await assert.rejects(store.directory.markRead(ming.id, room, 1), StoreUnavailable);
        await store.close();
        assert.equal((await (await reopen()).open(room)).lastSeq, 2);
      },
    );
  });
}
