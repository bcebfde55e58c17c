import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe } from 'node:test';
import { LIMITS } from '@teahouse/protocol';
import { ada, append, appendAll, edit, erase, makeRoom, ming, say, storeTest } from './fixture.ts';
import type { OpenFixture } from './fixture.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const secret = (text: string): Uint8Array => createHash('sha256').update(text).digest();

export function describeDirectory(open: OpenFixture): void {
  describe('the directory', () => {
    describeRooms(open);
    describeSessions(open);
    describeMarkers(open);
    describePruning(open);
  });
}

function describeRooms(open: OpenFixture): void {
  storeTest(open, 'rooms come by id, and a skeleton is taken once', async ({ store }) => {
    const tea = { name: 'Tea', skeleton: 'tea', topic: '龙井', creator: ada.id };
    const made = await Promise.all([
      store.directory.createRoom(tea),
      store.directory.createRoom({ ...tea, name: 'TEA' }),
      store.directory.createRoom({ ...tea, name: 'cup', skeleton: 'cup' }),
    ]);
    assert.equal(made[1], null);
    assert.deepEqual(made[0], { ...tea, id: made[0]!.id });
    const rooms = await store.directory.rooms();
    assert.deepEqual(
      rooms.map(({ name }) => name),
      ['lobby', 'Tea', 'cup'],
    );
    assert.deepEqual(rooms[1], made[0]);
    assert.deepEqual(
      rooms.map(({ id }) => id),
      rooms.map(({ id }) => id).toSorted((a, b) => a - b),
    );
  });
}

function describeSessions(open: OpenFixture): void {
  storeTest(
    open,
    'a session brings its person back under their newest name, until it is ended',
    async ({ store }) => {
      const { directory } = store;
      await directory.createPerson(ada, secret('a'));
      await directory.createPerson(ming, secret('m'));
      await directory.renamePerson(ada.id, 'Countess');
      assert.deepEqual(await directory.resumeSession(secret('a'), 0), { id: ada.id, nick: 'Countess' });
      assert.equal(await directory.resumeSession(secret('other'), 0), null);
      await directory.endSession(secret('a'));
      assert.equal(await directory.resumeSession(secret('a'), 0), null);
      assert.deepEqual(await directory.resumeSession(secret('m'), 0), ming);
    },
  );

  storeTest(open, 'a session counts from its last use', async ({ store, clock }) => {
    const { directory } = store;
    const made = clock.now();
    await directory.createPerson(ada, secret('a'));
    assert.equal(await directory.resumeSession(secret('a'), made), null);
    assert.deepEqual(await directory.resumeSession(secret('a'), made - 1), ada);
    clock.advance(10);
    assert.deepEqual(await directory.resumeSession(secret('a'), made - 1), ada);
    assert.deepEqual(await directory.resumeSession(secret('a'), made + 9), ada);
    assert.equal(await directory.resumeSession(secret('a'), made + 10), null);
  });

  storeTest(open, 'a second person of the same id is refused, and only that', async ({ store }, room) => {
    await store.directory.createPerson(ada, secret('a'));
    const neighbour = append(store, { room, from: ada, body: say('still here') });
    await assert.rejects(store.directory.createPerson(ada, secret('b')));
    assert.deepEqual((await neighbour).ok, true);
    assert.equal(await store.directory.resumeSession(secret('b'), 0), null);
    assert.equal(store.healthy, true);
  });
}

function describeMarkers(open: OpenFixture): void {
  storeTest(open, 'a read marker never goes back', async ({ store }, room) => {
    const other = await makeRoom(store, 'other');
    const moves: number[] = [];
    for (const seq of [3, 1, 7, 7]) moves.push(await store.directory.markRead(ada.id, room, seq));
    assert.deepEqual(moves, [3, 3, 7, 7]);
    assert.equal(await store.directory.markRead(ada.id, other, 0), 0);
  });

  storeTest(
    open,
    'unread counts messages after the marker, and mentions are by others, folded by case',
    async ({ store }, room) => {
      const other = await makeRoom(store, 'other');
      await appendAll(store, room, ming, [
        say('before @Ada'),
        say('@ADA come'),
        say('nobody'),
        edit(3, 'no: @ada!'),
        { kind: 'topic', topic: '@Ada' },
      ]);
      await appendAll(store, room, ada, [say('I am @Ada')]);
      await appendAll(store, room, ming, [say('@ada?'), erase(7), say('Ada')]);
      await store.directory.markRead(ada.id, room, 1);
      const unread = await store.directory.unread(ada, [other, room, 999]);
      assert.deepEqual(unread, [{ room, marker: 1, unread: 5, mentions: 2 }]);
      await store.directory.markRead(ada.id, room, 9);
      assert.deepEqual(await store.directory.unread(ada, [room]), [
        { room, marker: 9, unread: 0, mentions: 0 },
      ]);
    },
  );

  storeTest(open, 'unread stops counting at its limit', async ({ store }, room) => {
    const many = LIMITS.unreadCount + 5;
    await appendAll(
      store,
      room,
      ming,
      Array.from({ length: many }, () => say('@Ada')),
    );
    await store.directory.markRead(ada.id, room, 2);
    const full = { room, marker: 2, unread: LIMITS.unreadCount, mentions: LIMITS.unreadCount };
    assert.deepEqual(await store.directory.unread(ada, [room]), [full]);
  });
}

function describePruning(open: OpenFixture): void {
  storeTest(
    open,
    'pruning forgets old keys, unused sessions and people without one, and nobody in a room',
    async ({ store, clock }, room) => {
      const { directory } = store;
      const [bob, eve] = [
        { id: 'p-bob', nick: 'Bob' },
        { id: 'p-eve', nick: 'Eve' },
      ];
      await directory.createPerson(ada, secret('a'));
      await directory.createPerson(ming, secret('m'));
      await directory.createPerson(bob, null);
      await directory.createPerson(eve, null);
      await append(store, { room, from: eve, body: { kind: 'enter' } });
      await append(store, { room, from: ada, body: say('x', 'k') });
      for (const person of [ada, ming, bob, eve]) await directory.markRead(person.id, room, 1);
      clock.advance(2 * DAY_MS);
      await directory.resumeSession(secret('m'), 0);
      await append(store, { room, from: ada, body: say('y', 'k2') });
      await directory.prune(clock.now() - DAY_MS);
      assert.equal(await directory.resumeSession(secret('a'), 0), null);
      assert.deepEqual(await directory.resumeSession(secret('m'), 0), ming);
      const marked = async (person: typeof ada): Promise<number> =>
        (await directory.unread(person, [room])).length;
      assert.deepEqual(await Promise.all([ada, ming, bob, eve].map(marked)), [0, 1, 0, 1]);
      const again = await append(store, { room, from: ada, body: say('y', 'k2') });
      assert.equal(again.ok && again.repeated, true);
      await directory.createPerson(bob, null);
      await assert.rejects(directory.createPerson(eve, null));
    },
  );
}
