/**
 * What is shown of one room: entries as rows, the unsent messages, and how far
 * back it reaches. Follows a client; knows nothing of how it is drawn.
 */
import type { Client, Unsent } from '@teahouse/client';
import { createEntries, isShown, type ShownMessage } from './entries.ts';
import { cleanStart, joinRows, pushRow, replaceMessage, type Row } from './rows.ts';

/** One moment of the log; a new object at each change. */
export type LogState = {
  rows: readonly Row[];
  unsent: readonly Unsent[];
  /** The change that led here put a page in front, and did nothing else: a list then keeps its place. */
  grewAtStart: boolean;
  /** The first entry of the room is here. */
  whole: boolean;
  hasMessages: boolean;
  /** Counts the messages of others that came at the end. */
  arrived: number;
  /** How many entries before the first row were missed and not replayed; 0 if none. */
  missed: number;
};

export type RoomLog = {
  state: () => LogState;
  subscribe: (listener: () => void) => () => void;
  /** Asks for the next older page, unless it is under way or there is none. */
  loadOlder: () => void;
  close: () => void;
};

/** Rows of a page of history. */
const PAGE_ROWS = 100;
/** After a refused page. */
const PAGE_RETRY_MS = 1_500;

const EMPTY: LogState = {
  rows: [],
  unsent: [],
  grewAtStart: false,
  whole: false,
  hasMessages: false,
  arrived: 0,
  missed: 0,
};

/** Runs once before the next frame, and in a hidden page, which has none, soon. */
function beforeNextFrame(run: () => void): void {
  if (document.hidden) setTimeout(run, 100);
  else requestAnimationFrame(run);
}

export function createRoomLog(client: Client, room: string): RoomLog {
  const entries = createEntries();
  const listeners = new Set<() => void>();
  const shownUnsent = new Set<string>();
  let state: LogState = EMPTY;
  let rows: Row[] = [];
  /** How many of the entries have their rows. */
  let rowed = 0;
  let flushing = false;
  let loading = false;
  let closed = false;
  /** The oldest seq that is here or known to be here soon; null before the room is joined. */
  let oldest: number | null = null;
  let missedUpTo = 0;
  let arrived = 0;

  const keyOf = (entry: ShownMessage) =>
    entry.key !== undefined && shownUnsent.has(entry.key) ? `k${entry.key}` : `s${entry.seq}`;

  function publish(changes: Partial<LogState>): void {
    const unsent = client.unsent(room);
    for (const { key } of unsent) shownUnsent.add(key);
    state = { ...state, grewAtStart: false, ...changes, rows, unsent };
    for (const listener of listeners) listener();
  }

  function addRows(): void {
    const list = entries.list();
    if (rowed === list.length) return;
    rows = [...rows];
    for (; rowed < list.length; rowed++) {
      const entry = list[rowed];
      if (entry !== undefined) pushRow(rows, entry, keyOf);
    }
  }

  function flush(): void {
    flushing = false;
    if (closed) return;
    addRows();
    publish({ arrived, hasMessages: state.hasMessages || rows.some((row) => row.is === 'message') });
  }

  function flushSoon(): void {
    if (flushing) return;
    flushing = true;
    beforeNextFrame(flush);
  }

  function startAt(from: number, missed: number): void {
    entries.clear();
    rows = [];
    rowed = 0;
    oldest = from;
    missedUpTo = missed > 0 ? from - 1 - missed : 0;
    publish({ whole: from <= 1, hasMessages: false, missed });
    // After a gap there is enough to read; the gap fills when it is looked at.
    if (missed === 0) loadOlder();
  }

  function loadOlder(): void {
    if (closed || loading || state.whole || oldest === null || client.state.is !== 'online') return;
    const before = oldest;
    loading = true;
    client.history(room, { before, limit: PAGE_ROWS }).then(
      async (page) => {
        // A list keeps its place through growth at one end at a time.
        flush();
        await new Promise((done) => setTimeout(done, 0));
        loading = false;
        if (closed || oldest !== before) return loadOlder();
        const shown = page.entries.filter(isShown);
        const older = entries.prepend(page.more ? shown.slice(cleanStart(shown)) : shown, page.asOf);
        rows = joinRows(older, rows, keyOf);
        rowed += older.length;
        oldest = older[0]?.seq ?? page.entries[0]?.seq ?? before;
        const missed = oldest > missedUpTo + 1 ? state.missed : 0;
        publish({
          grewAtStart: true,
          whole: !page.more || page.entries.length === 0,
          missed: missed && oldest - 1 - missedUpTo,
          hasMessages: rows.some((row) => row.is === 'message'),
        });
        // Said once: a list that is told again holds on to the wrong end.
        flushSoon();
      },
      () => {
        loading = false;
        setTimeout(loadOlder, PAGE_RETRY_MS);
      },
    );
  }

  const endings = [
    client.on('entry', ({ entry }) => {
      if (entry.room !== room) return;
      const changed = entries.append(entry);
      if (changed) rows = replaceMessage(rows, changed);
      if (entry.type === 'message' && !shownUnsent.has(entry.key ?? '')) arrived++;
      flushSoon();
    }),
    client.on('outbox', (change) => change.room === room && flushSoon()),
    client.on('room', (joined) => {
      if (joined.name !== room) return;
      // Whoever comes back after having been out starts anew: what was said meanwhile did not come by.
      if (joined.is === 'out') oldest = null;
      else if (joined.is === 'in' && oldest === null) startAt(joined.lastSeq + 1, 0);
    }),
    client.on('truncated', (gap) => gap.room === room && startAt(gap.to + 1, gap.to - gap.from + 1)),
    client.on('reset', (reset) => reset.room === room && startAt(reset.from, 0)),
    client.on('state', ({ is }) => is === 'online' && state.rows.length === 0 && loadOlder()),
  ];
  const joined = client.room(room);
  if (joined?.is === 'in') startAt(joined.lastSeq + 1, 0);
  flushSoon();

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    loadOlder,
    close() {
      closed = true;
      for (const end of endings) end();
    },
  };
}
