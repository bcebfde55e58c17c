import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { sqliteCode } from './open-file.ts';
import { DRAFT_FIELDS, KIND, unpackDraft, type Packed } from './rows.ts';
import { createDirectoryWriter, type DirectoryWriter } from './write-directory.ts';
import { createEntryWriter } from './write-entries.ts';

/** A directory write's answer, or why it failed. */
export type DirectoryAnswer = { readonly value: unknown } | { readonly error: string };

/** What the writer thread answers to a batch that was committed. */
export interface Committed {
  /** Two numbers an item: see `OutcomePair`; a draft that failed alone has 0 and 1. */
  readonly outcomes: Float64Array<ArrayBuffer>;
  /** The answers of the directory's writes among them, in order. */
  readonly answers: readonly DirectoryAnswer[];
  /** What went wrong with single items. */
  readonly troubles: readonly string[];
  /** How long the writer took, in milliseconds. */
  readonly took: number;
  /** Whether anything was written at all. */
  readonly wrote: boolean;
  /** Whether texts were erased, whose old pages are still in the write-ahead log. */
  readonly erased: boolean;
}

/** Items of the batch in the making. */
interface Collected {
  readonly outcomes: number[];
  readonly answers: DirectoryAnswer[];
  readonly troubles: string[];
  erased: boolean;
}

/** Constraint, mismatch, misuse and range: the item's own fault, not the disk's. */
const ITEMS_FAULT: ReadonlySet<number | null> = new Set([null, 1, 18, 19, 20, 21, 25]);

/** Commits batches, one transaction each. Throws where nothing of the batch is written, or nobody can tell. */
export function createBatchWriter(
  db: DatabaseSync,
  file: string,
): { commit(now: number, packed: Packed): Committed; probe(): void } {
  const entries = createEntryWriter(db);
  const directory = createDirectoryWriter(db);
  const changes = db.prepare('SELECT total_changes() AS n');
  const probe = db.prepare("UPDATE meta SET value = value + 1 WHERE name = 'probe'");
  const assertInPlace = createPlaceCheck(file);

  const runItem = (packed: Packed, at: number, now: number, into: Collected): void => {
    if (packed[at] === DRAFT_FIELDS) {
      const draft = unpackDraft(packed, at + 1);
      const [seq, time] = entries.append(draft, now);
      into.outcomes.push(seq, time);
      if (draft.kind === KIND.delete && seq > 0) into.erased = true;
      return;
    }
    const write = directory[packed[at + 1] as keyof DirectoryWriter] as (...args: unknown[]) => unknown;
    const value = write(now, ...(packed[at + 2] as unknown[]));
    into.outcomes.push(0, 0);
    into.answers.push({ value });
  };

  /** Each item in a savepoint of its own, so that one that cannot be written leaves the others alone. */
  const runCarefully = (packed: Packed, at: number, now: number, into: Collected): void => {
    db.exec('SAVEPOINT item');
    try {
      runItem(packed, at, now, into);
    } catch (error) {
      if (!ITEMS_FAULT.has(sqliteCode(error))) throw error;
      db.exec('ROLLBACK TO item');
      entries.forget();
      const message = error instanceof Error ? error.message : String(error);
      into.troubles.push(message);
      into.outcomes.push(0, 1);
      if (packed[at] !== DRAFT_FIELDS) into.answers.push({ error: message });
    }
    db.exec('RELEASE item');
  };

  const transact = (packed: Packed, now: number, run: typeof runItem): Collected => {
    const into: Collected = { outcomes: [], answers: [], troubles: [], erased: false };
    db.exec('BEGIN IMMEDIATE');
    try {
      for (let at = 0; at < packed.length; at += 1 + (packed[at] as number)) run(packed, at, now, into);
      db.exec('COMMIT');
      return into;
    } catch (error) {
      entries.forget();
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  };

  return {
    commit(now, packed) {
      const start = performance.now();
      assertInPlace();
      const before = changes.get()?.['n'];
      const collected = ((): Collected => {
        try {
          return transact(packed, now, runItem);
        } catch (error) {
          if (!ITEMS_FAULT.has(sqliteCode(error))) throw error;
          return transact(packed, now, runCarefully);
        }
      })();
      const wrote = changes.get()?.['n'] !== before;
      return {
        ...collected,
        outcomes: new Float64Array(collected.outcomes),
        wrote,
        took: performance.now() - start,
      };
    },
    probe() {
      assertInPlace();
      probe.run();
    },
  };
}

/**
 * A file that was removed or replaced under an open connection takes writes
 * without an error, and they are lost. So the place is looked at before each
 * batch. Windows does not let an open file be removed, and has no such numbers.
 */
function createPlaceCheck(file: string): () => void {
  const place = (path: string): string => {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? 'gone' : `${stat.dev}:${stat.ino}`;
  };
  const files = process.platform === 'win32' ? [] : [file, `${file}-wal`];
  const expected = files.map(place);
  return () => {
    for (const [i, path] of files.entries()) {
      if (place(path) !== expected[i])
        throw new Error(`${path} was moved or removed while it was open`, { cause: 'moved' });
    }
  };
}
