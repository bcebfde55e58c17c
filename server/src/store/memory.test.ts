import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createTestClock, describeStoreContract, type StoreFixture } from './contract.ts';
import { ada, append, makeRoom, say, wholeRange } from './contract/fixture.ts';
import { createMemoryStore, type MemoryStore } from './memory.ts';
import { StoreUnavailable, type Outcome } from './port.ts';

const random = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(7);

describeStoreContract('the memory store', async (): Promise<StoreFixture> => {
  const clock = createTestClock();
  const store = createMemoryStore({ clock, random });
  return {
    store,
    clock,
    async reopen() {
      store.crash();
      return createMemoryStore({ clock, random, disk: store.disk });
    },
    tidy: () => store.close(),
  };
});

/** A store whose steps a test runs one by one. */
function createStepped(disk?: MemoryStore['disk']) {
  const steps: (() => void)[] = [];
  const clock = createTestClock();
  const store = createMemoryStore({
    clock,
    random,
    schedule: (run) => void steps.push(run),
    ...(disk === undefined ? {} : { disk }),
  });
  const runStep = (): void => steps.shift()?.();
  const runAll = (): void => {
    while (steps.length > 0) runStep();
  };
  return { store, clock, runStep, runAll };
}

async function createSteppedWithRoom() {
  const stepped = createStepped();
  const room = makeRoom(stepped.store, 'lobby');
  stepped.runAll();
  return { ...stepped, room: await room };
}

describe('the memory store fails and crashes when told to', () => {
  test('a crash between append and commit loses the entry and settles nothing', async () => {
    const { store, runAll, room } = await createSteppedWithRoom();
    const settled: Outcome[] = [];
    store.append({ room, from: ada, body: say('lost') }, (outcome) => settled.push(outcome));
    store.crash();
    runAll();
    assert.equal(settled.length, 0);
    assert.equal(store.disk.rooms.get(room)?.entries.length, 0);
  });

  test('a crash between commit and answer keeps the entry and settles nothing', async () => {
    const { store, runStep, runAll, room } = await createSteppedWithRoom();
    const settled: Outcome[] = [];
    store.append({ room, from: ada, body: say('kept', 'k') }, (outcome) => settled.push(outcome));
    runStep();
    store.crash();
    runAll();
    assert.equal(settled.length, 0);
    const again = createStepped(store.disk);
    again.store.append({ room, from: ada, body: say('kept', 'k') }, (outcome) => settled.push(outcome));
    again.runAll();
    assert.equal(settled[0]?.ok && settled[0].repeated, true);
  });

  for (const how of ['not-written', 'perhaps-written'] as const) {
    test(`a write that fails (${how}) is unavailable, reads go on, and a second later it works again`, async () => {
      const clock = createTestClock();
      const store = createMemoryStore({ clock, random });
      const room = await makeRoom(store, 'lobby');
      store.failWrites(how);
      const refused = await append(store, { room, from: ada, body: say('one', 'k') });
      assert.deepEqual(refused, { ok: false, why: 'unavailable' });
      await assert.rejects(store.directory.createPerson(ada, null), StoreUnavailable);
      assert.equal(store.healthy, false);
      const written = how === 'perhaps-written';
      assert.equal((await store.read(room, wholeRange)).length, written ? 1 : 0);
      clock.advance(1_000);
      assert.equal(store.healthy, false);
      store.failWrites(null);
      clock.advance(1_000);
      assert.equal(store.healthy, true);
      const again = await append(store, { room, from: ada, body: say('one', 'k') });
      assert.deepEqual(again.ok && [again.seq, again.repeated], [1, written]);
    });
  }
});
