/** The one thread that writes. It knows no clock: times come with each batch. */
import { workerData } from 'node:worker_threads';
import { openForWriting } from './open-file.ts';
import { serveThread } from './thread.ts';
import { createBatchWriter } from './write-batch.ts';

/** What the writer is started with. */
export interface WriterData {
  readonly file: string;
  /** The identity for a log that is made now. */
  readonly log: string;
  /** Whether this start is the store's first: only then may the file be made, and be of any log. */
  readonly first: boolean;
}

serveThread(
  () => {
    const { file, log: proposed, first } = workerData as WriterData;
    const { db, log } = openForWriting(file, { log: proposed, mayMake: first });
    if (!first && log !== proposed) throw new Error(`The file ${file} is another log than at the start.`);
    const { commit, probe } = createBatchWriter(db, file);
    const truncate = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)');
    return {
      value: log,
      ops: {
        commit,
        probe,
        /** Moves the write-ahead log into the database and empties it; false where a reader or writer was in the way. */
        truncate: () => truncate.get()?.['busy'] === 0,
        close: () => db.close(),
      },
    };
  },
  () => true,
);
