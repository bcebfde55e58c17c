/** The one thread that reads. Each question is one read transaction, and none outlives its answer. */
import { workerData } from 'node:worker_threads';
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
        read: inSnapshot(pages.read),
        history: inSnapshot(pages.history),
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
