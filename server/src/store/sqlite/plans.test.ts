import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { after, describe, test } from 'node:test';
import type { HistoryQuery } from '../port.ts';
import { createTestFile } from './test-file.ts';
import { openForWriting } from './open-file.ts';
import { createPageReader } from './read-pages.ts';
import { createRoomReader } from './read-rooms.ts';
import { KIND } from './rows.ts';
import { createBatchWriter } from './write-batch.ts';

/** What each statement of a connection was prepared from, and the work it has done. */
function recordStatements(db: DatabaseSync) {
  const statements: { sql: string; statement: StatementSync }[] = [];
  const prepare = db.prepare.bind(db);
  db.prepare = (sql, options) => {
    const statement = prepare(sql, options);
    statements.push({ sql, statement });
    return statement;
  };
  const stepsOf = (statement: StatementSync): number =>
    (statement as unknown as { stat(counter: string): number }).stat('vmStep');
  return {
    sql: (): string[] =>
      statements.map(({ sql }) => sql).filter((sql) => !/^(PRAGMA|BEGIN|COMMIT)/.test(sql)),
    /** Steps of SQLite's machine that all statements took together. */
    steps: (): number => statements.reduce((sum, { statement }) => sum + stepsOf(statement), 0),
  };
}

/** Statements that may read a whole table, each with its reason. */
const MAY_SCAN = new Map([
  ['SELECT id, name, skeleton, topic, creator FROM room ORDER BY id', 'all rooms are asked for'],
]);

const { file, folder } = createTestFile();
after(() => rmSync(folder, { recursive: true }));

describe('query plans', () => {
  const { db } = openForWriting(file, { log: 'log', mayMake: true });
  after(() => db.close());

  test('no statement reads a table without an index, or sorts', () => {
    const recorded = recordStatements(db);
    createBatchWriter(db, file);
    const pages = createPageReader(db);
    createRoomReader(db, pages);
    for (const kinds of [['message'], ['topic', 'enter'], Object.keys(KIND)] as HistoryQuery['kinds'][]) {
      for (const position of [{ before: 9 }, { after: 9 }])
        pages.history(1, { position, kinds, limit: 5, bytes: 99 });
    }
    pages.read(1, { from: 1, to: 9, limit: 5, bytes: 99, cut: 'newest' });
    const statements = recorded.sql();
    assert.ok(statements.length > 30);
    for (const sql of statements) {
      const plan = db
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map((row) => String(row['detail']));
      const bad = plan.filter(
        (line) => /TEMP B-TREE/.test(line) || (/^SCAN (?!CONSTANT)/.test(line) && !MAY_SCAN.has(sql)),
      );
      assert.deepEqual(bad, [], sql);
    }
  });

  test('a page takes as many steps in a room of 300,000 entries as in one of 3,000, though its rows are far apart', () => {
    fillRoom(db, 1, 1_000);
    fillRoom(db, 2, 100_000);
    const recorded = recordStatements(db);
    const pages = createPageReader(db);
    const costOf = (room: number, position: HistoryQuery['position']): number => {
      const before = recorded.steps();
      const page = pages.history(room, {
        position,
        limit: 50,
        bytes: 500_000,
        kinds: ['message', 'topic', 'enter'],
      });
      assert.equal(page.entries.length, 50);
      return recorded.steps() - before;
    };
    const places = (last: number): HistoryQuery['position'][] => [
      { at: 'end' },
      { before: last / 3 + 10 },
      { after: last / 3 - 10 },
      { around: last / 2 },
    ];
    const [small, large] = [
      places(3_000).map((at) => costOf(1, at)),
      places(300_000).map((at) => costOf(2, at)),
    ];
    for (const [i, cost] of large.entries())
      assert.ok(cost < 1.2 * small[i]!, `${small.join()} and ${large.join()}`);
    const [early, late] = [{ time: 100 }, { time: 250_000 }].map((at) => costOf(2, at));
    assert.ok(late! < 1.5 * early!, `${early} and ${late}`);
  });
});

/** Fills a room with as many messages, then edits and deletions, then messages again. */
function fillRoom(db: DatabaseSync, room: number, third: number): void {
  db.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3 * ?2)
     INSERT INTO entry (room, kind, seq, time, person, nick, text, of)
     SELECT ?1, CASE WHEN i <= ?2 OR i > 2 * ?2 THEN 1 ELSE 2 + i % 2 END, i, i, 'p', 'n', 'text',
       CASE WHEN i > ?2 AND i <= 2 * ?2 THEN i - ?2 END FROM n`,
  ).run(room, third);
}
