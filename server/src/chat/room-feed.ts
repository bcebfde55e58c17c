import type { Entry, RoomId, Store } from '../store/port.ts';
import { createDoubt, type Doubt } from './doubt.ts';
import { createBatch, createItem, type Item } from './format.ts';
import type { Receiver } from './receiver.ts';
import { createRing, weigh, type Ring } from './ring.ts';

/** What a newcomer gets of the past. */
export interface Replay {
  /** Entries from `from` to the feed's `shown`, oldest first. To be written before the turn ends. */
  readonly items: readonly Item[];
  readonly from: number;
  readonly truncated: boolean;
}

/**
 * The one way of a room's entries to those who follow it: in seq order, each
 * once. An entry that is not the next is held until what is missing was
 * fetched from the store; one that was had already is dropped.
 */
export interface RoomFeed {
  /** The last seq handed to receivers. */
  readonly shown: number;
  /** The last seq known to be committed without a gap before it. */
  readonly head: number;
  /** Takes a committed entry, from whatever side it comes. */
  offer(entry: Entry): void;
  /** Prepares what came after `since`, so that `follow` can be called at once with its answer. */
  prepare(since: number): Promise<void>;
  /**
   * Adds a receiver of this person that gets everything after `shown`, up to
   * the entry by which the person leaves; with `since`, what came between is in
   * the answer.
   */
  follow(receiver: Receiver, person: string, since: number | null): Replay;
  unfollow(receiver: Receiver): void;
  /** Whether the log may hold more than the feed knows. */
  readonly doubt: Doubt;
  readonly receivers: Iterable<Receiver>;
}

export interface FeedOptions {
  readonly id: RoomId;
  readonly name: string;
  readonly lastSeq: number;
  readonly store: Store;
  readonly endOfTurn: (task: () => void) => void;
  readonly limits: { readonly replayEntries: number; readonly pageBytes: number };
  /** Runs a task once after so many ms. */
  readonly setTimer: (task: () => void, ms: number) => unknown;
  /** Called for each entry as it joins the feed, in seq order: the room's state follows the log. */
  readonly apply: (entry: Entry) => void;
  /** A gap in the log could not be read; it is tried again in a while. */
  readonly onTrouble: (error: unknown) => void;
}

/** How long to wait before a gap that could not be read is read again, in ms. */
const RETRY_MS = 1_000;

/** The feed of an open room, from `lastSeq` on. */
export function createRoomFeed(options: FeedOptions): RoomFeed {
  const { id, name, store, limits } = options;
  /** Each with the id of whose it is. */
  const receivers = new Map<Receiver, string>();
  /** Receivers of those who left, with the seq by which they did, until that is shown. */
  const dismissed = new Map<Receiver, number>();
  const held = new Map<number, Entry>();
  const ring: Ring = createRing(options.lastSeq + 1, limits.replayEntries, limits.pageBytes);
  let head = options.lastSeq;
  let shown = options.lastSeq;
  let ready: Item[] = [];
  let fetching = false;
  let filling: Promise<void> | null = null;
  /** Erasures that a read under way may not have seen. */
  const erasedMeanwhile = new Set<number>();

  const flush = (): void => {
    const batch = createBatch(name, ready);
    ready = [];
    shown = head;
    for (const receiver of receivers.keys()) receiver.deliver(batch);
    if (dismissed.size > 0) deliverLast(batch.items);
    ring.trim();
  };

  const deliverLast = (items: readonly Item[]): void => {
    for (const [receiver, last] of dismissed) {
      const before = items.filter((item) => item.entry.seq <= last);
      if (before.length > 0) receiver.deliver(createBatch(name, before));
      if (shown >= last) dismissed.delete(receiver);
    }
  };

  const dismiss = (person: string, last: number): void => {
    for (const [receiver, owner] of receivers) {
      if (owner !== person) continue;
      receivers.delete(receiver);
      dismissed.set(receiver, last);
    }
  };

  const accept = (entry: Entry): void => {
    const item = createItem(entry);
    head = entry.seq;
    options.apply(entry);
    if (entry.kind === 'leave') dismiss(entry.from.id, entry.seq);
    else if (entry.kind === 'moderation') dismiss(entry.target.id, entry.seq);
    if (entry.kind === 'delete') {
      ring.erase(entry.of);
      if (filling !== null) erasedMeanwhile.add(entry.of);
    }
    ring.push(item);
    if (ready.length === 0) options.endOfTurn(flush);
    ready.push(item);
  };

  const acceptHeld = (): void => {
    for (let entry = held.get(head + 1); entry !== undefined; entry = held.get(head + 1)) {
      held.delete(entry.seq);
      accept(entry);
    }
  };

  /** Fetches what lies between `head` and the entries held. */
  const closeGap = async (): Promise<void> => {
    if (fetching) return;
    fetching = true;
    try {
      while (held.size > 0) {
        const to = Math.min(...held.keys()) - 1;
        const missing = await store.read(id, {
          from: head + 1,
          to,
          limit: limits.replayEntries,
          bytes: limits.pageBytes,
          cut: 'newest',
        });
        if (missing.length === 0) break;
        for (const entry of missing) if (entry.seq === head + 1) accept(entry);
        acceptHeld();
      }
    } catch (error) {
      options.onTrouble(error);
    } finally {
      fetching = false;
    }
    if (held.size > 0) options.setTimer(() => void closeGap(), RETRY_MS);
  };

  /** Brings into the ring what a replay can need; those who wait for the same wait for one read. */
  const fill = async (from: number): Promise<void> => {
    erasedMeanwhile.clear();
    const to = ring.first - 1;
    ring.prepend(
      await store.read(id, { from, to, limit: limits.replayEntries, bytes: limits.pageBytes, cut: 'oldest' }),
    );
    for (const seq of erasedMeanwhile) ring.erase(seq);
  };

  /** The newest of `items` that fit into one replay. */
  const fitting = (items: Item[]): Item[] => {
    let bytes = 0;
    let index = items.length;
    while (index > 0 && items.length - index < limits.replayEntries) {
      bytes += weigh((items[index - 1] as Item).entry);
      if (bytes > limits.pageBytes && index < items.length) break;
      index -= 1;
    }
    return index === 0 ? items : items.slice(index);
  };

  const offer = (entry: Entry): void => {
    if (entry.seq <= head) return;
    if (entry.seq === head + 1) {
      accept(entry);
      if (held.size > 0) acceptHeld();
      return;
    }
    held.set(entry.seq, entry);
    void closeGap();
  };

  const doubt = createDoubt({
    head: () => head,
    readOn: () =>
      store.read(id, {
        from: head + 1,
        to: Number.MAX_SAFE_INTEGER,
        limit: limits.replayEntries,
        bytes: limits.pageBytes,
        cut: 'newest',
      }),
    offer,
  });

  return {
    get shown() {
      return shown;
    },
    get head() {
      return head;
    },
    get receivers() {
      return receivers.keys();
    },
    offer,
    doubt,
    async prepare(since) {
      const oldest = Math.max(since + 1, shown - limits.replayEntries + 1);
      if (oldest >= ring.first || ring.full) return;
      filling ??= fill(Math.max(1, shown - limits.replayEntries + 1)).finally(() => {
        filling = null;
      });
      await filling;
    },
    follow(receiver, person, since) {
      receivers.set(receiver, person);
      dismissed.delete(receiver);
      if (since === null || since >= shown) return { items: [], from: shown + 1, truncated: false };
      const from = Math.max(since + 1, ring.first);
      const items = fitting(from > shown ? [] : ring.slice(from, shown));
      const start = items[0]?.entry.seq ?? shown + 1;
      return { items, from: start, truncated: start > since + 1 };
    },
    unfollow(receiver) {
      receivers.delete(receiver);
      dismissed.delete(receiver);
    },
  };
}
