import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { ShownEntry } from './entries.ts';
import { cleanStart, joinRows, pushRow, type Row } from './rows.ts';

const ada = { id: 'p1', nick: 'Ada' };
const bob = { id: 'p2', nick: 'Bob' };
let seq = 0;

function message(from: { id: string; nick: string }, time: string): ShownEntry {
  return { type: 'message', room: 'lobby', seq: ++seq, time, from, text: 'x' };
}
const came = (from: { id: string; nick: string }, time: string): ShownEntry => ({
  type: 'enter',
  room: 'lobby',
  seq: ++seq,
  time,
  from,
});

function rowsOf(entries: ShownEntry[]): Row[] {
  const rows: Row[] = [];
  for (const entry of entries) pushRow(rows, entry, (one) => `s${one.seq}`);
  return rows;
}
const openings = (rows: Row[]) => rows.flatMap((row) => (row.is === 'message' ? [row.opens] : []));

describe('pushRow', () => {
  test('W16 the same person within five minutes goes on with the run; another person, or later, opens one', () => {
    const rows = rowsOf([
      message(ada, '2026-11-24T10:00:00.000Z'),
      message(ada, '2026-11-24T10:05:00.000Z'),
      message(ada, '2026-11-24T10:10:00.001Z'),
      message(bob, '2026-11-24T10:10:01.000Z'),
      message(ada, '2026-11-24T10:10:02.000Z'),
      message({ ...ada, nick: 'Ada L.' }, '2026-11-24T10:10:03.000Z'),
    ]);
    assert.deepEqual(openings(rows), [true, false, true, true, true, true]);
  });

  test('W16 a day, and people who come and go, break a run', () => {
    const late = new Date(2026, 10, 24, 23, 59, 0);
    const early = new Date(2026, 10, 25, 0, 0, 30);
    const rows = rowsOf([
      message(ada, late.toISOString()),
      message(ada, early.toISOString()),
      came(bob, early.toISOString()),
      message(ada, early.toISOString()),
    ]);
    assert.deepEqual(
      rows.map((row) => row.is),
      ['day', 'message', 'day', 'message', 'presence', 'message'],
    );
    assert.deepEqual(openings(rows), [true, true, true]);
  });

  test('comings and goings in a row are one row', () => {
    const time = '2026-11-24T10:00:00.000Z';
    const rows = rowsOf([came(ada, time), came(bob, time), message(ada, time), came(bob, time)]);
    assert.deepEqual(
      rows.map((row) => (row.is === 'presence' ? row.entries.length : row.is)),
      ['day', 2, 'message', 1],
    );
  });
});

test('rows joined at any seam are the rows that are made in one go', () => {
  const start = Date.parse('2026-11-24T20:00:00.000Z');
  const entries: ShownEntry[] = Array.from({ length: 60 }, (_, i) => {
    const time = new Date(start + i * 7 * 60_000 * (i % 3)).toISOString();
    const who = i % 4 < 2 ? ada : bob;
    if (i % 5 === 0) return came(who, time);
    if (i % 11 === 0) return { type: 'topic', room: 'lobby', seq: ++seq, time, from: who, topic: 'tea' };
    return message(who, time);
  });
  const whole = rowsOf(entries);
  const plain = (rows: readonly Row[]) => rows.map((row) => ({ ...row, key: '' }));
  for (let seam = 0; seam <= entries.length; seam++) {
    const joined = joinRows(entries.slice(0, seam), rowsOf(entries.slice(seam)), (one) => `s${one.seq}`);
    assert.deepEqual(plain(joined), plain(whole), `seam at ${seam}`);
    assert.equal(new Set(joined.map((row) => row.key)).size, joined.length, 'keys are unique');
  }
});

test('W1 W16 a page is cut where a run opens, so that no row changes when the page before it comes', () => {
  const time = '2026-11-24T10:00:00.000Z';
  const page = [message(ada, time), message(ada, time), message(bob, time), message(bob, time)];
  assert.equal(cleanStart(page), 2);
  assert.equal(cleanStart([came(bob, time), message(bob, time)]), 1);
  assert.equal(cleanStart(page.slice(0, 2)), 0, 'one long run is shown as it is');
  assert.equal(cleanStart([]), 0);
});
