import { test } from 'node:test';
import type { StoreClock } from '../clock.ts';
import type { Author, Body, Draft, HistoryQuery, Outcome, ReadRange, RoomId, Store } from '../port.ts';

/** A clock that tests move. */
export interface TestClock extends StoreClock {
  /** Moves time, back as well; what is due runs. */
  readonly advance: (ms: number) => void;
}

export function createTestClock(start = Date.UTC(2026, 10, 24)): TestClock {
  let time = start;
  const timers = new Set<{ at: number; run: () => void }>();
  return {
    now: () => time,
    after(ms, run) {
      const timer = { at: time + ms, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(ms) {
      time += ms;
      for (const timer of timers) {
        if (timer.at > time) continue;
        timers.delete(timer);
        timer.run();
      }
    },
  };
}

/** A store under test, with the clock that it was given. */
export interface StoreFixture {
  readonly store: Store;
  readonly clock: TestClock;
  /** Ends the store as it is and opens another over the same data. */
  readonly reopen: () => Promise<Store>;
  /** Closes what is open and removes its data. */
  readonly tidy: () => Promise<void>;
}

export type OpenFixture = () => Promise<StoreFixture>;

/** A test with an empty store that is tidied up however it ends. */
export function storeTest(
  open: OpenFixture,
  name: string,
  run: (fixture: StoreFixture, room: RoomId) => Promise<void>,
): void {
  test(name, async () => {
    const fixture = await open();
    try {
      await run(fixture, await makeRoom(fixture.store, 'lobby'));
    } finally {
      await fixture.tidy();
    }
  });
}

export const ada: Author = { id: 'p-ada', nick: 'Ada' };
export const ming: Author = { id: 'p-ming', nick: '小明' };

export const say = (text: string, key: string | null = null): Body => ({ kind: 'message', text, key });
export const edit = (of: number, text: string): Body => ({ kind: 'edit', of, text });
export const erase = (of: number): Body => ({ kind: 'delete', of });

/** Makes a room and answers its id. */
export async function makeRoom(store: Store, name: string): Promise<RoomId> {
  const room = await store.directory.createRoom({ name, skeleton: name, topic: '', creator: null });
  if (room === null) throw new Error(`${name} is taken`);
  return room.id;
}

/** Appends, as a promise. */
export function append(store: Store, draft: Draft): Promise<Outcome> {
  return new Promise((resolve) => store.append(draft, resolve));
}

/** Appends bodies in one go and answers their outcomes in order. */
export function appendAll(
  store: Store,
  room: RoomId,
  from: Author,
  bodies: readonly Body[],
): Promise<Outcome[]> {
  return Promise.all(bodies.map((body) => append(store, { room, from, body })));
}

/** Raw entries from the first to the last, unless a part is named. */
export const wholeRange: ReadRange = {
  from: 1,
  to: 1_000_000,
  limit: 1_000,
  bytes: 1_000_000,
  cut: 'newest',
};

/** The page at the end, of everything but edits and deletions, unless another is named. */
export const endPage: HistoryQuery = {
  position: { at: 'end' },
  limit: 500,
  bytes: 1_000_000,
  kinds: ['message', 'topic', 'nick', 'enter', 'leave', 'moderation'],
};
