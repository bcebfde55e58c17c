import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import type { Worker } from 'node:worker_threads';
import {
  ada,
  append,
  appendAll,
  createTestClock,
  makeRoom,
  ming,
  say,
  wholeRange,
  type TestClock,
} from '../contract/fixture.ts';
import { StoreUnavailable, type Body, type Outcome, type RoomId, type Store } from '../port.ts';
import { openForWriting } from './open-file.ts';
import { packDraft, type Packed } from './rows.ts';
import { openSqliteStore } from './store.ts';
import { createTestFile } from './test-file.ts';
import { createBatchWriter } from './write-batch.ts';

const UNAVAILABLE: Outcome = { ok: false, why: 'unavailable' };

interface Failing {
  readonly store: Store;
  readonly room: RoomId;
  readonly file: string;
  readonly clock: TestClock;
  readonly troubles: string[];
  /** Lets seconds pass until the store says that it can write again. */
  readonly recover: () => Promise<void>;
}

async function withStore(run: (failing: Failing) => Promise<void>): Promise<void> {
  const { file, folder } = createTestFile();
  const clock = createTestClock();
  const troubles: string[] = [];
  const store = await openSqliteStore({ file, clock, onTrouble: (sentence) => troubles.push(sentence) });
  const room = await makeRoom(store, 'lobby');
  const recover = async (): Promise<void> => {
    while (!store.healthy) {
      clock.advance(1_000);
      await store.heads([room]);
    }
  };
  try {
    await run({ store, room, file, clock, troubles, recover });
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

/** While it fails, nothing is written and reads go on; afterwards the next seq is the one that was due. */
async function assertFailsAndRecovers(
  { store, room, troubles, recover }: Failing,
  breakIt: () => void,
  mend: () => void,
): Promise<void> {
  await append(store, { room, from: ada, body: say('one') });
  breakIt();
  const refused = appendAll(store, room, ada, [say('two', 'k'), say('three')]);
  const person = store.directory.createPerson(ming, null);
  await assert.rejects(person, StoreUnavailable);
  assert.deepEqual(await refused, [UNAVAILABLE, UNAVAILABLE]);
  assert.equal(store.healthy, false);
  assert.deepEqual(troubles, ['The database cannot be written; it is tried again every second.']);
  assert.equal((await store.read(room, wholeRange)).length, 1);
  mend();
  await recover();
  assert.equal(troubles.at(-1), 'The database can be written again.');
  const again = await appendAll(store, room, ada, [say('two', 'k'), say('two', 'k')]);
  assert.deepEqual(
    again.map((outcome) => outcome.ok && [outcome.seq, outcome.repeated]),
    [
      [2, false],
      [2, true],
    ],
  );
  await store.directory.createPerson(ming, null);
  assert.equal((await store.read(room, wholeRange)).length, 2);
}

describe('a store whose file fails', () => {
  test('locked by another process: unavailable, reads go on, and it recovers by itself', () =>
    withStore(async (failing) => {
      const other = new DatabaseSync(failing.file);
      await assertFailsAndRecovers(
        failing,
        () => other.exec('BEGIN IMMEDIATE'),
        () => other.exec('ROLLBACK'),
      );
      other.close();
    }));

  for (const end of ['', '-wal']) {
    test(`file moved away (room.db${end}): unavailable rather than written to nowhere, and it recovers when it is back`, () =>
      withStore(async (failing) => {
        const [here, away] = [failing.file + end, `${failing.file}${end}.away`];
        await assertFailsAndRecovers(
          failing,
          () => renameSync(here, away),
          () => renameSync(away, here),
        );
      }));
  }

  test('full (by its number of pages): nothing of the batch is there, and the next batch is whole', () => {
    const { file, folder } = createTestFile();
    const { db } = openForWriting(file, { log: 'log', mayMake: true });
    try {
      const writer = createBatchWriter(db, file);
      const packed = (bodies: readonly Body[]): Packed => {
        const items: Packed = [];
        for (const body of bodies) packDraft(items, { room: 1, from: ada, body });
        return items;
      };
      writer.commit(1, [2, 'createRoom', [{ name: 'lobby', skeleton: 'lobby', topic: '', creator: null }]]);
      const pages = Number(db.prepare('PRAGMA page_count').get()?.['page_count']);
      db.exec(`PRAGMA max_page_count = ${pages + 2}`);
      const long = say('x'.repeat(20_000), 'k');
      assert.throws(() => writer.commit(2, packed([say('short'), long, long])), /full/);
      assert.throws(() => writer.commit(2, packed([{ kind: 'enter' }, say('x'.repeat(50_000))])), /full/);
      assert.equal(db.prepare('SELECT count(*) AS n FROM entry').get()?.['n'], 0);
      assert.equal(db.prepare('SELECT count(*) AS n FROM member').get()?.['n'], 0);
      db.exec(`PRAGMA max_page_count = ${pages + 1_000}`);
      const { outcomes } = writer.commit(3, packed([say('short'), long, long]));
      assert.deepEqual([...outcomes], [1, 3, 2, 3, -2, 3]);
    } finally {
      db.close();
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a store whose items or threads fail', () => {
  test('a draft that cannot be stored fails alone, with what it had begun', () =>
    withStore(async ({ store, room, troubles }) => {
      const odd = { kind: 'message', text: { not: 'a text' }, key: 'k' } as unknown as Body;
      const half = { kind: 'topic', topic: null } as unknown as Body;
      const outcomes = await appendAll(store, room, ada, [
        say('one'),
        odd,
        say('two'),
        half,
        say('three', 'k'),
      ]);
      assert.deepEqual(
        outcomes.map((outcome) => (outcome.ok ? [outcome.seq, outcome.repeated] : outcome.why)),
        [[1, false], 'unavailable', [2, false], 'unavailable', [3, false]],
      );
      assert.equal((await store.read(room, wholeRange)).length, 3);
      assert.equal(store.healthy, true);
      assert.deepEqual(troubles, ['An item could not be stored.', 'An item could not be stored.']);
    }));

  for (const [which, thread] of ['writes', 'reads'].entries()) {
    test(`when the thread that ${thread} dies what waits for it is unavailable, and another one takes over`, () =>
      withWorkers(async (workers, { store, room, troubles, recover }) => {
        await append(store, { room, from: ada, body: say('one') });
        const dying = workers[which]!.terminate();
        const pending = append(store, { room, from: ada, body: say('two', 'k') });
        const reading = store.read(room, wholeRange).catch((error: unknown) => error);
        await dying;
        assert.equal(troubles[0], `The thread that ${thread} the database ended; it is started again.`);
        const read = await reading;
        assert.ok(which === 0 ? Array.isArray(read) : read instanceof StoreUnavailable);
        const outcome = await pending;
        assert.ok(which === 1 ? outcome.ok : !outcome.ok);
        await recover();
        assert.equal((await append(store, { room, from: ada, body: say('two', 'k') })).ok, true);
        assert.deepEqual(
          (await store.read(room, wholeRange)).map(({ seq }) => seq),
          [1, 2],
        );
        assert.equal(workers.length, 3);
      }));
  }

  test('a thread that cannot start again is unavailable until it can', () =>
    withWorkers(async (workers, { store, room, file, clock, recover }) => {
      await append(store, { room, from: ada, body: say('one') });
      for (const end of ['', '-wal', '-shm']) renameSync(file + end, `${file}${end}.away`);
      await workers[0]!.terminate();
      assert.deepEqual(await append(store, { room, from: ada, body: say('two') }), UNAVAILABLE);
      clock.advance(1_000);
      assert.equal((await store.read(room, wholeRange)).length, 1);
      assert.equal(existsSync(file), false);
      for (const end of ['', '-wal', '-shm']) renameSync(`${file}${end}.away`, file + end);
      await recover();
      assert.deepEqual(await append(store, { room, from: ada, body: say('two') }), {
        ok: true,
        seq: 2,
        time: clock.now(),
        repeated: false,
      });
    }));
});

/** Runs with a store, and the threads that it starts in the order that it starts them: writing, reading. */
async function withWorkers(
  run: (workers: readonly Worker[], failing: Failing) => Promise<void>,
): Promise<void> {
  const workers: Worker[] = [];
  const note = (message: unknown): void => void workers.push((message as { worker: Worker }).worker);
  subscribe('worker_threads', note);
  try {
    await withStore((failing) => run(workers, failing));
  } finally {
    unsubscribe('worker_threads', note);
  }
}
