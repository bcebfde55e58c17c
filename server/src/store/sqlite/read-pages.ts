import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { createBudget, takeAround, takeRun } from '../page-rules.ts';
import type { Entry, FoldedEntry, HistoryPage, HistoryQuery, ReadRange, RoomId } from '../port.ts';
import { ALL_KINDS, decodeRow, KIND, ROW_COLUMNS, type KindCode, type Row } from './rows.ts';
import { LAST_SEQ_SQL, TIME_SQL } from './write-entries.ts';

/** Which way a run of entries goes from its place, the place included. */
type Way = 'back' | 'on';

/**
 * Entries of some kinds in the order of seq. Each kind is an ordered run of
 * the index, and SQLite merges the runs as rows are asked for: so a page costs
 * the same whatever lies between its rows, and however old the room is.
 */
export function runSql(kinds: readonly KindCode[], way: Way): string {
  const [compare, order] = way === 'back' ? ['<=', 'DESC'] : ['>=', 'ASC'];
  const arms = kinds.map((kind) => {
    const newest = kind === KIND.message ? NEWEST_EDIT_SQL : 'NULL';
    return `SELECT ${ROW_COLUMNS}, ${newest} AS edit FROM entry WHERE room = ?1 AND kind = ${kind} AND seq ${compare} ?2`;
  });
  return `${arms.join(' UNION ALL ')} ORDER BY seq ${order}`;
}

/** The id of a message's newest edit. */
const NEWEST_EDIT_SQL = `(SELECT id FROM entry AS newer WHERE newer.kind = ${KIND.edit} AND newer.room = entry.room AND newer.of = entry.seq ORDER BY newer.seq DESC LIMIT 1)`;

export const EDIT_SQL = 'SELECT text, time FROM entry WHERE id = ?';

type RunRow = [...Row, edit: number | null];

export interface PageReader {
  readonly lastSeq: (room: RoomId) => number;
  readonly timeOf: (room: RoomId, seq: number) => number;
  readonly read: (room: RoomId, range: ReadRange) => Entry[];
  readonly history: (room: RoomId, query: HistoryQuery) => HistoryPage;
}

/** Reads pages and replays. The caller holds a read transaction around each call. */
export function createPageReader(db: DatabaseSync): PageReader {
  const last = db.prepare(LAST_SEQ_SQL, { returnArrays: true });
  const time = db.prepare(TIME_SQL, { returnArrays: true });
  const edit = db.prepare(EDIT_SQL, { returnArrays: true });
  const runs = new Map<string, StatementSync>();

  const lastSeq = (room: RoomId): number => (last.get(room) as unknown as [number])[0];
  const timeOf = (room: RoomId, seq: number): number =>
    (time.get(room, seq) as unknown as [number] | undefined)?.[0] ?? 0;

  const rowsFrom = (room: RoomId, kinds: readonly KindCode[], way: Way, seq: number): Iterable<RunRow> => {
    if (kinds.length === 0) return [];
    const sql = runSql(kinds, way);
    const statement = runs.get(sql) ?? db.prepare(sql, { returnArrays: true });
    runs.set(sql, statement);
    return statement.iterate(room, seq) as unknown as Iterable<RunRow>;
  };

  const fold = (row: RunRow): FoldedEntry => {
    const newest = row[9];
    const entry = decodeRow(row as unknown as Row);
    if (newest === null || entry.kind !== 'message' || entry.text === null) return { ...entry, edited: null };
    const [text, edited] = edit.get(newest) as unknown as [string, number];
    return { ...entry, text, edited };
  };

  const rawFrom = function* (room: RoomId, way: Way, seq: number): Generator<Entry> {
    for (const row of rowsFrom(room, ALL_KINDS, way, seq)) yield decodeRow(row as unknown as Row);
  };

  const foldedFrom = function* (
    room: RoomId,
    query: HistoryQuery,
    way: Way,
    seq: number,
  ): Generator<FoldedEntry> {
    const kinds = query.kinds.map((kind) => KIND[kind]).toSorted((a, b) => a - b);
    for (const row of rowsFrom(room, kinds, way, seq)) yield fold(row);
  };

  /** The first seq whose time is at or after this one; time never falls, so it is found by halving. */
  const seqAt = (room: RoomId, asOf: number, wanted: number): number => {
    let [low, high] = [1, asOf + 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (timeOf(room, middle) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    lastSeq,
    timeOf,
    read(room, { from, to, limit, bytes, cut }) {
      const fits = createBudget(limit, bytes);
      if (cut === 'newest') {
        return takeRun(rawFrom(room, 'on', from), (entry) => entry.seq <= to && fits(entry)).entries;
      }
      return takeRun(
        rawFrom(room, 'back', to),
        (entry) => entry.seq >= from && fits(entry),
      ).entries.toReversed();
    },
    history(room, query) {
      const asOf = lastSeq(room);
      const fits = createBudget(query.limit, query.bytes);
      const back = (seq: number): HistoryPage => {
        const { entries, more } = takeRun(foldedFrom(room, query, 'back', seq), fits);
        return { entries: entries.toReversed(), more, asOf };
      };
      const on = (seq: number): HistoryPage => ({
        ...takeRun(foldedFrom(room, query, 'on', seq), fits),
        asOf,
      });
      const { position } = query;
      if ('at' in position) return back(asOf);
      if ('before' in position) return back(position.before - 1);
      if ('after' in position) return on(position.after + 1);
      if ('time' in position) return on(seqAt(room, asOf, position.time));
      const older = foldedFrom(room, query, 'back', position.around - 1);
      const newer = foldedFrom(room, query, 'on', position.around);
      try {
        return { ...takeAround(older, newer, fits), asOf };
      } finally {
        older.return(undefined);
        newer.return(undefined);
      }
    },
  };
}
