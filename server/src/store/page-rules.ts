import type { Body } from './port.ts';

/** How long a key makes a send idempotent, in milliseconds. */
export const KEY_LIFE_MS = 24 * 60 * 60 * 1000;

/** How often a store that failed tries to write again, in milliseconds. */
export const PROBE_MS = 1000;

/** The bytes that an entry's words weigh in a page: as JSON in UTF-8, where a control character takes six. */
export function weighBody(body: Body): number {
  switch (body.kind) {
    case 'message':
    case 'edit':
      return bytesOf(body.text);
    case 'topic':
      return bytesOf(body.topic);
    case 'nick':
      return bytesOf(body.nick);
    case 'leave':
      return bytesOf(body.reason);
    case 'moderation':
      return bytesOf(body.target.nick) + bytesOf(body.reason);
    case 'delete':
    case 'enter':
      break;
  }
  return 0;
}

function bytesOf(text: string | null): number {
  return text === null ? 0 : Buffer.byteLength(JSON.stringify(text)) - 2;
}

/** A run of rows that stops where the rows or the bytes would be too many; the first row always fits. */
export function createBudget(limit: number, bytes: number): (body: Body) => boolean {
  let rows = 0;
  let weight = 0;
  return (body) => {
    const next = weight + weighBody(body);
    if (rows > 0 && (rows >= limit || next > bytes)) return false;
    rows += 1;
    weight = next;
    return true;
  };
}

/** Characters that are looked through for mentions in one room; further messages are counted as unread only. */
const MENTION_SCAN = 131_072;

/** Tells whether a text speaks to this nickname: `@nick`, folded by case. For one count; looks through so much and no more. */
export function createMentionFinder(nick: string): (text: string) => boolean {
  const sought = `@${nick.toLowerCase()}`;
  let left = MENTION_SCAN;
  return (text) => {
    left -= text.length;
    return left >= 0 && text.includes('@') && text.toLowerCase().includes(sought);
  };
}

/**
 * Chooses a page around a place from two runs of rows: `older` going back from
 * it, `newer` going on from it, itself included. Rows are taken in turn, so
 * that the place is in the middle as far as there are rows; the page ends with
 * the first row that does not fit.
 */
export function takeAround<Row extends Body>(
  older: Iterator<Row>,
  newer: Iterator<Row>,
  fits: (row: Row) => boolean,
): { entries: Row[]; more: boolean } {
  const before: Row[] = [];
  const after: Row[] = [];
  let left = newer.next();
  let right = older.next();
  let fromNewer = true;
  while (left.done !== true || right.done !== true) {
    if (left.done !== true && (fromNewer || right.done === true)) {
      if (!fits(left.value)) return { entries: [...before.toReversed(), ...after], more: true };
      after.push(left.value);
      left = newer.next();
    } else if (right.done !== true) {
      if (!fits(right.value)) return { entries: [...before.toReversed(), ...after], more: true };
      before.push(right.value);
      right = older.next();
    }
    fromNewer = !fromNewer;
  }
  return { entries: [...before.toReversed(), ...after], more: false };
}

/** Takes rows of one run as long as they fit. */
export function takeRun<Row extends Body>(
  rows: Iterable<Row>,
  fits: (row: Row) => boolean,
): { entries: Row[]; more: boolean } {
  const entries: Row[] = [];
  for (const row of rows) {
    if (!fits(row)) return { entries, more: true };
    entries.push(row);
  }
  return { entries, more: false };
}
