/**
 * The store in memory: the model that the contract suite, the simulation and
 * the property tests compare with. It keeps nothing over the end of the
 * process, and knows no thread and no file; a `disk` stands for what is durable.
 *
 * It settles in two steps of a scheduler that is handed in: one commits what
 * waits, the next one settles it. So a crash can fall between append and commit
 * and between commit and answer.
 */
import type { StoreClock } from './clock.ts';
import {
  appendToDisk,
  createMemoryDisk,
  openRoomOnDisk,
  pageOfDisk,
  readDisk,
  unreadOnDisk,
  writeDirectory,
  type MemoryDisk,
} from './memory-model.ts';
import { PROBE_MS } from './page-rules.ts';
import { StoreUnavailable, type Outcome, type Store } from './port.ts';

/** How writes fail: nothing is written, or all of it is and nobody can tell. */
export type WriteFailure = 'not-written' | 'perhaps-written';

export interface MemoryStoreOptions {
  readonly clock: StoreClock;
  /** This many random bytes. */
  readonly random: (bytes: number) => Uint8Array;
  /** Runs later, never at once. */
  readonly schedule?: (run: () => void) => void;
  /** What another memory store left behind; an empty one by default. */
  readonly disk?: MemoryDisk;
  /** Told of what a real store would log. */
  readonly onTrouble?: (sentence: string, error: unknown) => void;
}

export interface MemoryStore extends Store {
  /** What is durable; hand it to the next store after a crash. */
  readonly disk: MemoryDisk;
  /** Makes every write fail from the next commit on, or work again (null). */
  failWrites(how: WriteFailure | null): void;
  /** Ends the store as a crash would: what was committed stays on the disk, and nothing settles any more. */
  crash(): void;
}

/** What waits for its commit. `apply` answers what settles it; `refuse` settles it as unavailable. */
interface Waiting {
  readonly apply: () => () => void;
  readonly refuse: () => void;
}

const UNAVAILABLE: Outcome = { ok: false, why: 'unavailable' };

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

export function createMemoryStore(options: MemoryStoreOptions): MemoryStore {
  const { clock, schedule = setImmediate } = options;
  const disk = options.disk ?? createMemoryDisk(Buffer.from(options.random(16)).toString('hex'));
  const write = writeDirectory(disk, clock.now);
  const queue = createCommitQueue(clock, schedule);

  const writing = <Args extends unknown[], Result>(run: (...args: Args) => Result) => {
    return (...args: Args): Promise<Result> =>
      new Promise((resolve, reject) => {
        queue.push({
          apply() {
            try {
              const result = run(...args);
              return () => resolve(result);
            } catch (error) {
              return () => reject(asError(error));
            }
          },
          refuse: () => reject(new StoreUnavailable('The store cannot be written.')),
        });
      });
  };

  const reading = <Result>(run: () => Result): Promise<Result> =>
    new Promise((resolve, reject) => {
      schedule(() => {
        if (queue.state() === 'crashed') return;
        if (queue.state() === 'closed') {
          reject(new StoreUnavailable('The store is closed.'));
          return;
        }
        try {
          resolve(run());
        } catch (error) {
          reject(asError(error));
        }
      });
    });

  return {
    disk,
    log: disk.log,
    get healthy() {
      return queue.healthy();
    },
    append(draft, settle) {
      queue.push({
        apply() {
          const outcome = appendToDisk(disk, draft, clock.now());
          if (outcome === null) {
            options.onTrouble?.('An entry could not be stored.', new Error(`there is no room ${draft.room}`));
          }
          return () => settle(outcome ?? UNAVAILABLE);
        },
        refuse: () => settle(UNAVAILABLE),
      });
    },
    open: (room) =>
      reading(() => {
        const state = openRoomOnDisk(disk, room);
        if (state === null) throw new Error(`there is no room ${room}`);
        return state;
      }),
    read: (room, range) => reading(() => readDisk(disk, room, range)),
    history: (room, query) => reading(() => pageOfDisk(disk, room, query)),
    heads: (rooms) =>
      reading(() => {
        const there = rooms.flatMap((id) => disk.rooms.get(id) ?? []);
        return new Map(there.map(({ room, entries }) => [room.id, entries.length]));
      }),
    directory: {
      rooms: () => reading(() => [...disk.rooms.values()].map(({ room }) => room)),
      unread: (person, rooms) => reading(() => unreadOnDisk(disk, person, rooms)),
      createRoom: writing(write.createRoom),
      createPerson: writing(write.createPerson),
      resumeSession: writing(write.resumeSession),
      endSession: writing(write.endSession),
      renamePerson: writing(write.renamePerson),
      setMember: writing(write.setMember),
      markRead: writing(write.markRead),
      prune: writing(write.prune),
    },
    failWrites: queue.failWrites,
    crash: queue.crash,
    close: queue.close,
  };
}

/** Commits what waits, in order, one batch after the other; the next batch is what came meanwhile. */
function createCommitQueue(clock: StoreClock, schedule: (run: () => void) => void) {
  let waiting: Waiting[] = [];
  let busy = false;
  let failure: WriteFailure | null = null;
  let healthy = true;
  let state: 'open' | 'closed' | 'crashed' = 'open';
  let whenIdle: (() => void)[] = [];

  const probe = (): void => {
    if (healthy || state !== 'open') return;
    if (failure === null) healthy = true;
    else clock.after(PROBE_MS, probe);
  };
  const noteFailure = (): void => {
    if (!healthy) return;
    healthy = false;
    clock.after(PROBE_MS, probe);
  };
  const settle = (settlers: readonly (() => void)[]): void => {
    if (state === 'crashed') return;
    for (const run of settlers) run();
    if (waiting.length > 0) {
      schedule(commit);
      return;
    }
    busy = false;
    for (const run of whenIdle) run();
    whenIdle = [];
  };
  const commit = (): void => {
    if (state === 'crashed') return;
    const batch = waiting;
    waiting = [];
    if (failure === null) healthy = true;
    else noteFailure();
    const settlers = failure === 'not-written' ? [] : batch.map((item) => item.apply());
    const refusals = batch.map((item) => item.refuse);
    const outcome = failure === null ? settlers : refusals;
    schedule(() => settle(outcome));
  };

  return {
    healthy: () => healthy,
    state: () => state,
    push: (item: Waiting): void => {
      if (state === 'crashed') return;
      if (state === 'closed') {
        schedule(item.refuse);
        return;
      }
      waiting.push(item);
      if (busy) return;
      busy = true;
      schedule(commit);
    },
    failWrites: (how: WriteFailure | null): void => {
      failure = how;
    },
    crash: (): void => {
      state = 'crashed';
    },
    close: async (): Promise<void> => {
      if (state !== 'open') return;
      state = 'closed';
      if (busy) await new Promise<void>((resolve) => whenIdle.push(resolve));
    },
  };
}
