/**
 * Bugs as somebody might write them, put between the parts of the server. The
 * simulation must catch each; one that catches nothing shows nothing.
 */
import type { Duplex } from 'node:stream';
import type { MemoryDisk } from '../../src/store/memory-model.ts';
import type { Entry, Store } from '../../src/store/port.ts';
import type { Seams } from './server.ts';
import { NO_SEAMS } from './simulate.ts';

type Append = Store['append'];

/** A store with another `append`. */
const withAppend = (change: (append: Append, disk: MemoryDisk) => Append): Seams => ({
  ...NO_SEAMS,
  store: (store, disk) => ({ ...store, append: change(store.append, disk) }),
});

/** A store whose reads of raw entries come out otherwise. */
const withRead = (change: (entries: readonly Entry[]) => readonly Entry[]): Seams => ({
  ...NO_SEAMS,
  store: (store) => ({ ...store, read: async (room, range) => change(await store.read(room, range)) }),
});

/** A stream on which what the server writes comes out otherwise. */
const withWrites = (change: (lines: string[], count: number) => string[]): Seams => ({
  ...NO_SEAMS,
  socket(socket: Duplex) {
    const write = socket.write.bind(socket);
    let count = 0;
    socket.write = (chunk: Uint8Array) => {
      const lines = Buffer.from(chunk).toString().split('\n').slice(0, -1);
      count += 1;
      return write(
        Buffer.from(
          change(lines, count)
            .map((line) => `${line}\n`)
            .join(''),
        ),
      );
    };
    return socket;
  },
});

const isEntry = (line: string): boolean => line.includes('"seq":') && line.includes('"from":');

/** Does something to every nth of what passes. */
function everyNth(nth: number): () => boolean {
  let count = 0;
  return () => (count = (count + 1) % nth) === 0;
}

export const PLANTED_BUGS: Readonly<Record<string, () => Seams>> = {
  'the store acknowledges before it has written': () =>
    withAppend((append, disk) => (draft, settle) => {
      const room = disk.rooms.get(draft.room);
      const seq = (room?.entries.length ?? 0) + 1;
      if (draft.body.kind !== 'message') return append(draft, settle);
      append(draft, () => {});
      setImmediate(() => settle({ ok: true, seq, time: room?.entries.at(-1)?.time ?? 0, repeated: false }));
    }),

  'a failed write is acknowledged': () =>
    withAppend(
      (append, disk) => (draft, settle) =>
        append(draft, (outcome) =>
          settle(
            outcome.ok || outcome.why === 'gone'
              ? outcome
              : { ok: true, seq: disk.rooms.get(draft.room)!.entries.length + 1, time: 0, repeated: false },
          ),
        ),
    ),

  'keys are forgotten': () =>
    withAppend((append, disk) => (draft, settle) => {
      disk.rooms.get(draft.room)?.keys.clear();
      append(draft, settle);
    }),

  'a key counts for everybody, not for its person': () =>
    withAppend(
      (append) => (draft, settle) =>
        append(
          draft.body.kind === 'message' ? { ...draft, from: { ...draft.from, id: 'p1' } } : draft,
          settle,
        ),
    ),

  'a retried key gets the newest seq': () =>
    withAppend(
      (append, disk) => (draft, settle) =>
        append(draft, (outcome) =>
          settle(
            outcome.ok && outcome.repeated
              ? { ...outcome, seq: disk.rooms.get(draft.room)!.entries.length }
              : outcome,
          ),
        ),
    ),

  'entering is written twice': () =>
    withAppend((append) => (draft, settle) => {
      if (draft.body.kind === 'enter') append(draft, () => {});
      append(draft, settle);
    }),

  'a leave is not written': () =>
    withAppend((append, disk) => (draft, settle) => {
      if (draft.body.kind !== 'leave') return append(draft, settle);
      setImmediate(() =>
        settle({ ok: true, seq: disk.rooms.get(draft.room)!.entries.length, time: 0, repeated: false }),
      );
    }),

  'time falls': () =>
    withAppend(
      (append, disk) => (draft, settle) =>
        append(draft, (outcome) => {
          const last = disk.rooms.get(draft.room)?.entries.at(-1);
          if (last !== undefined && last.seq % 7 === 0) Object.assign(last, { time: last.time - 60_000 });
          settle(outcome);
        }),
    ),

  'a replay leaves an entry out': () =>
    withRead((entries) => entries.toSpliced(Math.floor(entries.length / 2), entries.length > 2 ? 1 : 0)),

  'a replay ends one short': () =>
    withRead((entries) => (entries.length > 3 ? entries.slice(0, -1) : entries)),

  'a replay brings erased texts back': () => {
    const kept = new Map<string, Entry>();
    return withRead((entries) =>
      entries.map((entry) => {
        const place = `${entry.from.id} ${entry.time} ${entry.seq}`;
        if (entry.kind !== 'message') return entry;
        if (entry.text !== null) kept.set(place, entry);
        return kept.get(place) ?? entry;
      }),
    );
  },

  'history forgets an edit': () => ({
    ...NO_SEAMS,
    store: (store, disk) => ({
      ...store,
      async history(room, query) {
        const page = await store.history(room, query);
        return {
          ...page,
          entries: page.entries.map((row) =>
            row.edited === null ? row : { ...row, ...disk.rooms.get(room)!.entries[row.seq - 1]! },
          ),
        };
      },
    }),
  }),

  'a line is lost on the way': () => {
    const lose = everyNth(40);
    return withWrites((lines) => lines.filter((line) => !isEntry(line) || !lose()));
  },

  'a line is doubled': () => {
    const double = everyNth(40);
    return withWrites((lines) =>
      lines.flatMap((line) => (isEntry(line) && double() ? [line, line] : [line])),
    );
  },

  'two lines change places': () => withWrites((lines) => (lines.length > 1 ? lines.toReversed() : lines)),

  'the answer to a send comes after the entry': () => ({
    ...NO_SEAMS,
    socket(socket) {
      const write = socket.write.bind(socket);
      let held: Uint8Array[] = [];
      const letGo = (): void => {
        for (const chunk of held) write(chunk);
        held = [];
      };
      socket.write = (chunk: Uint8Array) => {
        if (/^\{"type":"ok","id":"\d+","seq"/.test(Buffer.from(chunk).toString())) {
          held.push(chunk);
          setImmediate(letGo);
          return true;
        }
        write(chunk);
        letGo();
        return true;
      };
      return socket;
    },
  }),

  "a batch is written in another room's name": () => {
    const mistake = everyNth(30);
    return withWrites((lines) =>
      lines.map((line) =>
        isEntry(line) && mistake() ? line.replace('"room":"lobby"', '"room":"tea"') : line,
      ),
    );
  },

  'a crash takes the last entry along': () => ({
    ...NO_SEAMS,
    recover(disk) {
      for (const room of disk.rooms.values()) room.entries.pop();
      return disk;
    },
  }),

  'a crash forgets the sessions': () => ({
    ...NO_SEAMS,
    recover(disk) {
      disk.sessions.clear();
      return disk;
    },
  }),

  'a crash forgets who was in': () => ({
    ...NO_SEAMS,
    recover(disk) {
      for (const room of disk.rooms.values()) room.members.clear();
      return disk;
    },
  }),
};
