import type { ShownEntry, ShownMessage } from './entries.ts';

/** A message, and whether it opens a run: name and time are shown once a run. */
export type MessageRow = { is: 'message'; key: string; day: string; entry: ShownMessage; opens: boolean };
/** People who came and went with nothing said in between. */
export type PresenceRow = {
  is: 'presence';
  key: string;
  day: string;
  entries: readonly Extract<ShownEntry, { type: 'enter' | 'leave' }>[];
};
export type Row =
  | MessageRow
  | PresenceRow
  | { is: 'day'; key: string; day: string; time: string }
  | {
      is: 'change';
      key: string;
      day: string;
      entry: Extract<ShownEntry, { type: 'topic' | 'nick' | 'moderation' }>;
    };

/** Messages of one person that are no further apart make one run. */
const RUN_MS = 5 * 60_000;

/** The local day of a time, as `2026-11-24`. */
export function dayOf(time: string | number): string {
  const date = new Date(time);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
}

type Speaker = { id: string; nick: string };

function isSameRun(before: ShownMessage, from: Speaker, time: string | number): boolean {
  const apart = Math.abs(new Date(time).getTime() - Date.parse(before.time));
  return (
    before.from.id === from.id &&
    before.from.nick === from.nick &&
    apart <= RUN_MS &&
    dayOf(before.time) === dayOf(time)
  );
}

/** Whether something said by `from` at `time` goes on with the run that `row` ends. */
export function continuesRun(row: Row | undefined, from: Speaker, time: string | number): boolean {
  return row?.is === 'message' && isSameRun(row.entry, from, time);
}

/**
 * Where a page of older entries is best cut: at a message of which it is known
 * that it opens a run. Then no row changes when what is before it comes.
 */
export function cleanStart(page: readonly ShownEntry[]): number {
  const start = page.findIndex((entry, index) => {
    const before = page[index - 1];
    if (before === undefined || entry.type !== 'message') return false;
    return before.type !== 'message' || !isSameRun(before, entry.from, entry.time);
  });
  return Math.max(start, 0);
}

type KeyOf = (entry: ShownMessage) => string;

/** Rows of an older page in front of those that are there: only the rows at the seam are made anew. */
export function joinRows(older: readonly ShownEntry[], rows: readonly Row[], keyOf: KeyOf): Row[] {
  const joined: Row[] = [];
  for (const entry of older) pushRow(joined, entry, keyOf);
  let index = 0;
  for (let settled = false; !settled && index < rows.length; index++) {
    const row = rows[index];
    if (row === undefined || row.is === 'day') continue;
    const entries = row.is === 'presence' ? row.entries : [row.entry];
    for (const entry of entries) pushRow(joined, entry, keyOf);
    const last = joined.at(-1);
    // From the first row on that is as it was, all others are.
    settled =
      row.is === 'change' || (row.is === 'message' && last?.is === 'message' && last.opens === row.opens);
  }
  return joined.concat(rows.slice(index));
}

/** The rows with a message as it is now, wherever it stands. */
export function replaceMessage(rows: readonly Row[], entry: ShownMessage): Row[] {
  return rows.map((row) => (row.is === 'message' && row.entry.seq === entry.seq ? { ...row, entry } : row));
}

/**
 * Adds the row, or rows, of the next entry. `keyOf` names a message's row: one
 * that was shown before it was stored keeps its row.
 */
export function pushRow(rows: Row[], entry: ShownEntry, keyOf: KeyOf): void {
  const day = dayOf(entry.time);
  if (rows.at(-1)?.day !== day) rows.push({ is: 'day', key: `d${entry.seq}`, day, time: entry.time });
  const last = rows.at(-1);
  switch (entry.type) {
    case 'message':
      rows.push({
        is: 'message',
        key: keyOf(entry),
        day,
        entry,
        opens: !continuesRun(last, entry.from, entry.time),
      });
      return;
    case 'enter':
    case 'leave':
      if (last?.is === 'presence') rows[rows.length - 1] = { ...last, entries: [...last.entries, entry] };
      else rows.push({ is: 'presence', key: `s${entry.seq}`, day, entries: [entry] });
      return;
    case 'topic':
    case 'nick':
    case 'moderation':
      rows.push({ is: 'change', key: `s${entry.seq}`, day, entry });
      return;
    default:
      // A kind that a newer server has and this page does not know: passed over.
      entry satisfies never;
  }
}
