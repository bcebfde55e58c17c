import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Outcome } from '../port.ts';
import {
  ada,
  append,
  appendAll,
  edit,
  erase,
  makeRoom,
  ming,
  say,
  storeTest,
  wholeRange,
} from './fixture.ts';
import type { OpenFixture } from './fixture.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const GONE: Outcome = { ok: false, why: 'gone' };
const seqs = (outcomes: readonly Outcome[]): (number | string)[] =>
  outcomes.map((outcome) => (outcome.ok ? outcome.seq : outcome.why));

export function describeAppends(open: OpenFixture): void {
  describe('appending', () => {
    describeOrder(open);
    describeKeys(open);
    describeRefusals(open);
    describeState(open);
  });
}

function describeOrder(open: OpenFixture): void {
  storeTest(open, 'an append settles later, never from within the call', async ({ store }, room) => {
    let called = false;
    const settled = new Promise<void>((resolve) => {
      store.append({ room, from: ada, body: say('hello') }, () => {
        called = true;
        resolve();
      });
    });
    assert.equal(called, false);
    await settled;
  });

  storeTest(open, 'seq is dense and rises by one within each room', async ({ store }, room) => {
    const other = await makeRoom(store, 'other');
    const rooms = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? other : room));
    const outcomes = await Promise.all(
      rooms.map((id) => append(store, { room: id, from: ada, body: say('x') })),
    );
    const of = (id: number): (number | string)[] => seqs(outcomes.filter((_, i) => rooms[i] === id));
    assert.deepEqual(
      of(room),
      Array.from({ length: 40 }, (_, i) => i + 1),
    );
    assert.deepEqual(
      of(other),
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    assert.deepEqual(
      await store.heads([room, other, 999]),
      new Map([
        [room, 40],
        [other, 20],
      ]),
    );
  });

  storeTest(
    open,
    'time never falls within a room, though the clock is set back',
    async ({ store, clock }, room) => {
      const first = await append(store, { room, from: ada, body: say('one') });
      clock.advance(-60_000);
      const second = await append(store, { room, from: ada, body: say('two') });
      clock.advance(120_000);
      const third = await append(store, { room, from: ada, body: say('three') });
      assert.ok(first.ok && second.ok && third.ok);
      assert.equal(second.time, first.time);
      assert.equal(third.time, clock.now());
      assert.equal((await store.open(room)).lastTime, clock.now());
    },
  );

  storeTest(
    open,
    'drafts and directory writes settle in the order they were given',
    async ({ store }, room) => {
      const order: string[] = [];
      const { directory } = store;
      store.append({ room, from: ada, body: say('a') }, () => order.push('append a'));
      const person = directory.createPerson(ada, null).then(() => order.push('person'));
      store.append({ room, from: ada, body: say('b') }, () => order.push('append b'));
      const read = directory.markRead(ada.id, room, 1).then(() => order.push('marker'));
      await append(store, { room, from: ada, body: say('c') });
      await Promise.all([person, read]);
      assert.deepEqual(
        order.filter((what) => what.startsWith('append')),
        ['append a', 'append b'],
      );
      assert.deepEqual(
        order.filter((what) => !what.startsWith('append')),
        ['person', 'marker'],
      );
    },
  );

  storeTest(open, 'a read sees everything that had settled before it was asked', async ({ store }, room) => {
    for (let seq = 1; seq <= 50; seq += 1) {
      await append(store, { room, from: ada, body: say(`text ${seq}`) });
      const read = await store.read(room, { ...wholeRange, from: seq });
      assert.equal(read[0]?.seq, seq);
    }
  });
}

function describeKeys(open: OpenFixture): void {
  storeTest(
    open,
    'SEND-2 a repeated key gets the first answer and adds nothing',
    async ({ store, clock }, room) => {
      const first = await append(store, { room, from: ada, body: say('once', 'k1') });
      clock.advance(1_000);
      const again = await appendAll(store, room, ada, [
        say('twice', 'k1'),
        say('new', 'k2'),
        say('new', 'k2'),
      ]);
      assert.ok(first.ok && again[1]!.ok);
      assert.deepEqual(first, { ok: true, seq: 1, time: first.time, repeated: false });
      assert.deepEqual(again[0], { ...first, repeated: true });
      assert.deepEqual(again[2], { ...again[1], repeated: true });
      assert.equal((await store.open(room)).lastSeq, 2);
    },
  );

  storeTest(open, 'a key belongs to its person and room', async ({ store }, room) => {
    const other = await makeRoom(store, 'other');
    await append(store, { room, from: ada, body: say('mine', 'k') });
    const elsewhere = [
      await append(store, { room: other, from: ada, body: say('there', 'k') }),
      await append(store, { room, from: ming, body: say('theirs', 'k') }),
    ];
    assert.deepEqual(
      elsewhere.map((outcome) => outcome.ok && outcome.repeated),
      [false, false],
    );
  });

  storeTest(
    open,
    'a key is forgotten after 24 hours, and then holds for its new message',
    async ({ store, clock }, room) => {
      await append(store, { room, from: ada, body: say('old', 'k') });
      clock.advance(DAY_MS - 1);
      const before = await append(store, { room, from: ada, body: say('old', 'k') });
      clock.advance(1);
      const after = await appendAll(store, room, ada, [say('new', 'k'), say('new', 'k')]);
      assert.deepEqual(seqs([before, ...after]), [1, 2, 2]);
      assert.deepEqual(
        [before, ...after].map((outcome) => outcome.ok && outcome.repeated),
        [true, false, true],
      );
    },
  );
}

function describeRefusals(open: OpenFixture): void {
  storeTest(
    open,
    'an edit or delete of what is no message, or is erased, is gone; its neighbours are not',
    async ({ store }, room) => {
      const outcomes = await appendAll(store, room, ada, [
        say('first'),
        edit(9, 'nothing there'),
        { kind: 'topic', topic: 'tea' },
        edit(2, 'not a message'),
        edit(1, 'second'),
        edit(3, 'not a message either'),
        erase(1),
        edit(1, 'too late'),
        erase(1),
        say('last'),
      ]);
      assert.deepEqual(seqs(outcomes), [1, 'gone', 2, 'gone', 3, 'gone', 4, 'gone', 'gone', 5]);
      assert.deepEqual(outcomes[1], GONE);
    },
  );

  storeTest(open, 'a draft for a room that is not there fails alone', async ({ store }, room) => {
    const outcomes = await Promise.all(
      [room, 999, room].map((id) => append(store, { room: id, from: ada, body: say('x') })),
    );
    assert.deepEqual(seqs(outcomes), [1, 'unavailable', 2]);
    assert.equal(store.healthy, true);
  });
}

function describeState(open: OpenFixture): void {
  storeTest(
    open,
    'entering, leaving, renaming and kicking change the members with their entries',
    async ({ store }, room) => {
      const bob = { id: 'p-bob', nick: 'Bob' };
      store.append({ room, from: ada, body: { kind: 'enter' }, hold: true }, () => undefined);
      store.append({ room, from: bob, body: { kind: 'enter' } }, () => undefined);
      await append(store, { room, from: ming, body: { kind: 'enter' } });
      const entered = await store.open(room);
      assert.deepEqual(entered.members, [
        { ...ada, hold: true },
        { ...bob, hold: false },
        { ...ming, hold: false },
      ]);
      await appendAll(store, room, ada, [
        { kind: 'nick', nick: 'Countess' },
        { kind: 'moderation', action: 'kick', target: ming, reason: null },
      ]);
      await append(store, { room, from: bob, body: { kind: 'leave', reason: 'tea' } });
      const left = await store.open(room);
      assert.deepEqual(left.members, [{ id: ada.id, nick: 'Countess', hold: true }]);
      assert.equal(left.lastSeq, 6);
    },
  );

  storeTest(open, "an entry of topic sets the room's topic", async ({ store }, room) => {
    await append(store, { room, from: ada, body: { kind: 'topic', topic: '下午茶' } });
    assert.equal((await store.directory.rooms())[0]?.topic, '下午茶');
  });

  storeTest(open, 'membership changes without an entry too', async ({ store }, room) => {
    await store.directory.setMember(room, { ...ada, hold: true }, true);
    await store.directory.setMember(room, { ...ming, hold: false }, true);
    await store.directory.setMember(room, { ...ada, hold: true }, false);
    assert.deepEqual(await store.open(room), {
      lastSeq: 0,
      lastTime: 0,
      members: [{ ...ming, hold: false }],
    });
  });

  storeTest(open, 'opening a room that is not there rejects', async ({ store }) => {
    await assert.rejects(store.open(999), /no room 999/);
  });
}
