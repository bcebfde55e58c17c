import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { APPLICATION_ID, MIGRATIONS } from './schema.ts';

/** How long a connection waits for another process's lock, in milliseconds. */
const BUSY_MS = 250;

/**
 * The write-ahead log is moved into the database every 256 pages rather than
 * 1,000: as much work in all, but the commit that does it is held up for 4 ms
 * rather than 13 (the 99.9th percentile, batches of 400).
 */
const PRAGMAS = [
  'secure_delete = ON',
  'journal_mode = WAL',
  'synchronous = FULL',
  'wal_autocheckpoint = 256',
  'cache_size = -16000',
] as const;

/** SQLite's own number of an error, or null where it is none. The low byte is the primary code. */
export function sqliteCode(error: unknown): number | null {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code & 0xff : null;
}

const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/**
 * Opens the file for writing and brings its schema up to date; makes it where
 * there is none, readable by its owner only. Throws a sentence that says what
 * to do where the file is damaged, not ours or newer than this program; such a
 * file is left as it is.
 *
 * @param make.log the identity for a log that is made now
 * @param make.mayMake whether the file is made where there is none
 */
export function openForWriting(
  file: string,
  make: { readonly log: string; readonly mayMake: boolean },
): { db: DatabaseSync; log: string } {
  if (make.mayMake) makeFile(file);
  else if (!existsSync(file)) throw new Error(`The database ${file} is gone.`);
  return explaining(file, () => {
    const db = new DatabaseSync(file, { timeout: BUSY_MS, enableForeignKeyConstraints: false });
    try {
      const version = checkOurs(db, file);
      for (const pragma of PRAGMAS) db.exec(`PRAGMA ${pragma}`);
      migrate(db, version, make.log);
      // What was erased just before a crash leaves the write-ahead log here.
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      const row = db.prepare("SELECT value FROM meta WHERE name = 'log'").get();
      db.prepare('SELECT id FROM entry ORDER BY id DESC LIMIT 1').get();
      return { db, log: String(row?.['value']) };
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/** Opens the file for reading, once a writer has opened it. */
export function openForReading(file: string): DatabaseSync {
  return explaining(file, () => {
    const db = new DatabaseSync(file, { readOnly: true, timeout: BUSY_MS });
    db.exec('PRAGMA cache_size = -8000');
    return db;
  });
}

function makeFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
    chmodSync(file, 0o600);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    throw new Error(
      `The database ${file} cannot be made (${message}); check that its folder is there and may be written.`,
      { cause: error },
    );
  }
}

function checkOurs(db: DatabaseSync, file: string): number {
  const number = (sql: string): number => Number(Object.values(db.prepare(sql).get() ?? {})[0]);
  const version = number('PRAGMA user_version');
  if (
    number('PRAGMA application_id') !== APPLICATION_ID &&
    number('SELECT count(*) FROM sqlite_schema') > 0
  ) {
    throw new Error(
      `The file ${file} is the database of another program; move it away or choose another data folder.`,
    );
  }
  if (version > MIGRATIONS.length) {
    throw new Error(
      `The database ${file} was written by a newer Teahouse (schema ${version}, this one knows ${MIGRATIONS.length}); update Teahouse or choose another data folder.`,
    );
  }
  return version;
}

function migrate(db: DatabaseSync, version: number, log: string): void {
  for (let next = version; next < MIGRATIONS.length; next += 1) {
    db.exec(
      `BEGIN IMMEDIATE; ${MIGRATIONS[next]}; PRAGMA user_version = ${next + 1}; PRAGMA application_id = ${APPLICATION_ID}`,
    );
    if (next === 0)
      db.prepare("INSERT INTO meta (name, value) VALUES ('log', ?), ('probe', 0), ('keys', 0)").run(log);
    db.exec('COMMIT');
  }
}

function explaining<Result>(file: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    const code = sqliteCode(error);
    if (code === NOT_A_DATABASE) {
      throw new Error(
        `The file ${file} is not a Teahouse database; move it away or choose another data folder.`,
        { cause: error },
      );
    }
    if (code === CORRUPT) {
      throw new Error(
        `The database ${file} is damaged; restore it from a backup, or move it away to begin a new one.`,
        { cause: error },
      );
    }
    if (code !== null) {
      throw new Error(
        `The database ${file} cannot be opened (${(error as Error).message}); check the disk and the rights on its folder.`,
        { cause: error },
      );
    }
    throw error;
  }
}
