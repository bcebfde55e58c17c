import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import { appendAll, endPage, makeRoom, ming, say, wholeRange } from '../contract/fixture.ts';
import { openForWriting } from './open-file.ts';
import { MIGRATIONS } from './schema.ts';
import { openSqliteStore } from './store.ts';
import { createTestFile } from './test-file.ts';

const frozen = (version: number): string =>
  readFileSync(new URL(`./frozen/v${version}.sql`, import.meta.url), 'utf8');

/** Runs with a folder that is removed afterwards. */
async function withFile(run: (file: string, folder: string) => Promise<void>): Promise<void> {
  const { file, folder } = createTestFile();
  try {
    await run(file, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The store says this sentence, and leaves the file as it was. */
async function assertRefused(file: string, sentence: RegExp): Promise<void> {
  const before = readFileSync(file);
  await assert.rejects(openSqliteStore({ file }), { name: 'Error', message: sentence });
  assert.deepEqual(readFileSync(file), before);
}

describe('opening a database', () => {
  test('G1 the files of a new database are readable by their owner only, whatever the umask', () =>
    withFile(async (file) => {
      const umask = process.umask(0);
      try {
        const store = await openSqliteStore({ file });
        await makeRoom(store, 'lobby');
        for (const end of ['', '-wal', '-shm']) assert.equal(statSync(file + end).mode & 0o777, 0o600, end);
        await store.close();
      } finally {
        process.umask(umask);
      }
    }));

  test('each new database is another log', () =>
    withFile(async (file, folder) => {
      const stores = [
        await openSqliteStore({ file }),
        await openSqliteStore({ file: join(folder, 'other.db') }),
      ];
      assert.match(stores[0]!.log, /^[0-9a-f]{32}$/);
      assert.notEqual(stores[0]!.log, stores[1]!.log);
      for (const store of stores) await store.close();
    }));

  test('a file that is no database is refused and left alone', () =>
    withFile(async (file) => {
      writeFileSync(file, 'the minutes of the tea society, '.repeat(200));
      await assertRefused(file, /is not a Teahouse database; move it away/);
    }));

  test("another program's database is refused and left alone", () =>
    withFile(async (file) => {
      const db = new DatabaseSync(file);
      db.exec('CREATE TABLE recipe (name TEXT)');
      db.close();
      await assertRefused(file, /is the database of another program; move it away/);
    }));

  test('a database of a newer schema is refused and left alone', () =>
    withFile(async (file) => {
      const { db } = openForWriting(file, { log: 'log', mayMake: true });
      db.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
      db.close();
      await assertRefused(file, /was written by a newer Teahouse .*update Teahouse/);
    }));

  test('a damaged database is refused and left alone', () =>
    withFile(async (file) => {
      const store = await openSqliteStore({ file });
      const room = await makeRoom(store, 'lobby');
      await appendAll(
        store,
        room,
        ming,
        Array.from({ length: 500 }, () => say('x'.repeat(400))),
      );
      await store.close();
      truncateSync(file, 8_192);
      await assertRefused(file, /is damaged; restore it from a backup/);
    }));

  test('a folder that is not there is told in a sentence', () =>
    withFile(async (_, folder) => {
      const file = join(folder, 'missing', 'room.db');
      await assert.rejects(openSqliteStore({ file }), {
        message: /cannot be made .*check that its folder is there/,
      });
    }));

  test("a folder in the file's place is told in a sentence", () =>
    withFile(async (file) => {
      mkdirSync(file);
      await assert.rejects(openSqliteStore({ file }), { message: /cannot be opened .*check the disk/ });
    }));
});

describe('migrating', () => {
  for (const version of MIGRATIONS.keys()) {
    test(`a database of schema ${version + 1} is brought up to date and says what it said`, () =>
      withFile(async (file) => {
        const old = new DatabaseSync(file);
        old.exec(frozen(version + 1));
        old.close();
        const store = await openSqliteStore({ file });
        assert.equal(store.log, '00112233445566778899aabbccddeeff');
        const read = await store.read(1, wholeRange);
        assert.deepEqual(
          read.map(({ seq, kind }) => [seq, kind]),
          [
            [1, 'enter'],
            [2, 'message'],
            [3, 'edit'],
            [4, 'message'],
            [5, 'delete'],
            [6, 'topic'],
          ],
        );
        const { entries } = await store.history(1, { ...endPage, kinds: ['message'] });
        assert.deepEqual(
          entries.map((entry) => 'text' in entry && [entry.text, entry.edited]),
          [
            ['好茶', 1_790_000_003_000],
            [null, null],
          ],
        );
        assert.deepEqual((await store.directory.rooms())[0]?.topic, '茶');
        assert.deepEqual(await store.directory.unread(ming, [1]), [
          { room: 1, marker: 2, unread: 1, mentions: 0 },
        ]);
        await store.close();
        assert.deepEqual(schemaOf(file), schemaOf(await makeFresh(`${file}.fresh`)));
      }));
  }
});

function schemaOf(file: string): unknown[] {
  const db = new DatabaseSync(file, { readOnly: true });
  const tidy = (row: Record<string, unknown>): unknown[] => [
    row['name'],
    String(row['sql']).replaceAll(/\s+/g, ' '),
  ];
  const rows = db.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all().map(tidy);
  db.close();
  return rows;
}

async function makeFresh(file: string): Promise<string> {
  const store = await openSqliteStore({ file });
  await store.close();
  return file;
}
