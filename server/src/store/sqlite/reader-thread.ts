/** The one thread that reads. Each question is one read transaction, and none outlives its answer. */
import { workerData } from 'node:worker_threads';
import type { HistoryQuery, ReadRange, RoomId } from '../port.ts';
import { openForReading, sqliteCode } from './open-file.ts';
import { createPageReader } from './read-pages.ts';
import { createRoomReader } from './read-rooms.ts';
import { serveThread } from './thread.ts';

/** What the reader is started with. */
export interface ReaderData {
  readonly file: string;
}

serveThread(
  () => {
    const db = openForReading((workerData as ReaderData).file);
    const begin = db.prepare('BEGIN');
    const commit = db.prepare('COMMIT');
    const inSnapshot = <Args extends unknown[], Result>(run: (...args: Args) => Result) => {
      return (...args: Args): Result => {
        begin.run();
        try {
          return run(...args);
        } finally {
          commit.run();
        }
      };
    };
    const pages = createPageReader(db);
    const rooms = createRoomReader(db, pages);
    return {
      value: null,
      ops: {
        // As JSON, which takes the event loop half as long to take in as a cloned array of entries.
        read: inSnapshot((room: RoomId, range: ReadRange) => JSON.stringify(pages.read(room, range))),
        history: inSnapshot((room: RoomId, query: HistoryQuery) =>
          JSON.stringify(pages.history(room, query)),
        ),
        open: inSnapshot(rooms.open),
        heads: inSnapshot(rooms.heads),
        rooms: inSnapshot(rooms.rooms),
        unread: inSnapshot(rooms.unread),
        close: () => db.close(),
      },
    };
  },
  (error) => sqliteCode(error) !== null,
);
