/**
 * The store in one SQLite file: write-ahead log, every commit synced, one
 * thread that writes and one that reads, so that nothing slow happens on the
 * event loop and a long read never holds up a commit. This is the main side:
 * it hands batches and questions over, and keeps no entry itself. SQLite is
 * touched only in this folder, and only in the two threads.
 */
import { randomBytes } from 'node:crypto';
import { systemClock, type StoreClock } from '../clock.ts';
import { PROBE_MS } from '../page-rules.ts';
import {
  StoreUnavailable,
  type Directory,
  type Entry,
  type HistoryPage,
  type Store,
  type Unread,
} from '../port.ts';
import { createCommitter, type Committer } from './committer.ts';
import type { ReaderData } from './reader-thread.ts';
import { createThread, type Thread } from './thread.ts';
import type { Committed } from './write-batch.ts';
import type { WriterData } from './writer-thread.ts';

export interface SqliteStoreOptions {
  /** Path of the database; it is made where it is not there, and `-wal` and `-shm` lie beside it. */
  readonly file: string;
  readonly clock?: StoreClock;
  /** This many random bytes, for the identity of a new log. */
  readonly random?: (bytes: number) => Uint8Array;
  /** Runs at the end of a turn of the event loop. */
  readonly endOfTurn?: (run: () => void) => void;
  /** Told what the operator should know: one sentence, and what caused it. */
  readonly onTrouble?: (sentence: string, error: unknown) => void;
}

/** How long after a deletion its old pages are cleaned, and how soon again where a reader was in the way (ms). */
const ERASE_MS = 200;
const ERASE_AGAIN_MS = 50;

/**
 * Opens the store. Rejects with one sentence that says what to do where the
 * file is damaged, not ours, newer than this program, or cannot be opened; it
 * is then left as it is.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const {
    file,
    clock = systemClock,
    random = randomBytes,
    endOfTurn = setImmediate,
    onTrouble = () => undefined,
  } = options;
  let log = Buffer.from(random(16)).toString('hex');
  let first = true;
  const writer = createThread(
    'writer-thread',
    (): WriterData => ({ file, log, first }),
    (error) => onTrouble('The thread that writes the database ended; it is started again.', error),
  );
  const reader = createThread(
    'reader-thread',
    (): ReaderData => ({ file }),
    (error) => onTrouble('The thread that reads the database ended; it is started again.', error),
  );
  log = String(await writer.start());
  first = false;
  await reader.start().catch(async (error: unknown) => {
    await writer.end();
    throw error;
  });

  const health = createHealth(clock, writer, onTrouble);
  const eraser = createEraser(clock, writer);
  const committer = createCommitter({
    clock,
    elapsed: () => performance.now(),
    endOfTurn,
    commit: (now, packed) => writer.ask('commit', now, packed) as Promise<Committed>,
    onEnd(result, error) {
      if (result === null) health.fail(error);
      else if (result.wrote) health.recover();
      if (result?.erased === true) eraser.erase();
      for (const trouble of result?.troubles ?? [])
        onTrouble('An item could not be stored.', new Error(trouble));
    },
    onTrouble,
  });

  let closing: Promise<void> | null = null;
  const whileOpen = <Args extends unknown[], Result>(run: (...args: Args) => Promise<Result>) => {
    return (...args: Args): Promise<Result> =>
      closing === null ? run(...args) : Promise.reject(new StoreUnavailable('The store is closed.'));
  };
  const ask = whileOpen(reader.ask);
  return {
    log,
    get healthy() {
      return health.isHealthy();
    },
    append(draft, settle) {
      if (closing === null) committer.append(draft, settle);
      else endOfTurn(() => settle({ ok: false, why: 'unavailable' }));
    },
    open: (room) => ask('open', room) as ReturnType<Store['open']>,
    read: async (room, range) => JSON.parse(String(await ask('read', room, range))) as Entry[],
    history: async (room, query) => JSON.parse(String(await ask('history', room, query))) as HistoryPage,
    heads: (rooms) => ask('heads', rooms) as ReturnType<Store['heads']>,
    directory: createDirectory(ask, whileOpen(committer.write)),
    close() {
      closing ??= (async () => {
        await committer.drain();
        health.stop();
        eraser.stop();
        await reader.end();
        await writer.end();
      })();
      return closing;
    },
  };
}

function createDirectory(ask: Thread['ask'], write: Committer['write']): Directory {
  return {
    rooms: () => ask('rooms') as ReturnType<Directory['rooms']>,
    async unread(person, rooms) {
      const asked = await Promise.all(
        rooms.map((room) => ask('unread', person, room) as Promise<Unread | null>),
      );
      return asked.filter((unread) => unread !== null);
    },
    createRoom: (room) => write('createRoom', room) as ReturnType<Directory['createRoom']>,
    createPerson: (person, session) => write('createPerson', person, session) as Promise<void>,
    resumeSession: (session, usedAfter) =>
      write('resumeSession', session, usedAfter) as ReturnType<Directory['resumeSession']>,
    endSession: (session) => write('endSession', session) as Promise<void>,
    renamePerson: (id, nick) => write('renamePerson', id, nick) as Promise<void>,
    setMember: (room, member, present) => write('setMember', room, member, present) as Promise<void>,
    markRead: (person, room, seq) => write('markRead', person, room, seq) as Promise<number>,
    async prune(before) {
      await write('prunePeople', before);
      while ((await write('pruneKeys')) === true);
    },
  };
}

/** Whether writing works, and the tries to write again while it does not. */
function createHealth(
  clock: StoreClock,
  writer: Thread,
  onTrouble: (sentence: string, error: unknown) => void,
) {
  let healthy = true;
  let stopped = false;
  let cancel = (): void => undefined;
  const recover = (): void => {
    if (healthy) return;
    healthy = true;
    cancel();
    onTrouble('The database can be written again.', null);
  };
  const plan = (): void => {
    if (!stopped && !healthy) cancel = clock.after(PROBE_MS, probe);
  };
  const probe = (): void => void writer.ask('probe').then(recover, plan);
  return {
    isHealthy: () => healthy,
    recover,
    fail(error: unknown): void {
      if (!healthy) return;
      healthy = false;
      onTrouble('The database cannot be written; it is tried again every second.', error);
      plan();
    },
    stop(): void {
      stopped = true;
      cancel();
    },
  };
}

/** Cleans the write-ahead log after deletions, so that no byte of an erased text stays on the disk. */
function createEraser(clock: StoreClock, writer: Thread) {
  let due = false;
  let stopped = false;
  let cancel = (): void => undefined;
  const plan = (ms: number): void => {
    if (due || stopped) return;
    due = true;
    cancel = clock.after(ms, () => {
      due = false;
      writer.ask('truncate').then(
        (done) => {
          if (done !== true) plan(ERASE_AGAIN_MS);
        },
        () => plan(PROBE_MS),
      );
    });
  };
  return {
    erase: () => plan(ERASE_MS),
    stop(): void {
      stopped = true;
      cancel();
    },
  };
}
