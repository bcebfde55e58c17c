import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { WireEntry } from '@teahouse/protocol';
import { createEntries } from './entries.ts';

const from = { id: 'p1', nick: 'Ada' };
const time = '2026-11-24T10:00:00.000Z';
const said = (seq: number, text: string): WireEntry => ({
  type: 'message',
  room: 'lobby',
  seq,
  time,
  from,
  text,
});
const edited = (seq: number, of: number, text: string): WireEntry => ({
  type: 'edit',
  room: 'lobby',
  seq,
  time,
  from,
  of,
  text,
});
const deleted = (seq: number, of: number): WireEntry => ({
  type: 'delete',
  room: 'lobby',
  seq,
  time,
  from,
  of,
});
const texts = (entries: ReturnType<typeof createEntries>) =>
  entries
    .list()
    .map((entry) => (entry.type === 'message' ? (entry.deleted ? null : entry.text) : entry.type));

describe('the entries of a room', () => {
  test('an edit changes the message it is about, and is no row', () => {
    const entries = createEntries();
    entries.append(said(1, 'teh'));
    assert.equal(entries.append(edited(2, 1, 'the'))?.text, 'the');
    assert.deepEqual(texts(entries), ['the']);
  });

  test('a deletion is final: nothing brings the text back', () => {
    const entries = createEntries();
    entries.append(said(1, 'secret'));
    entries.append(deleted(2, 1));
    assert.equal(entries.append(edited(3, 1, 'secret again')), undefined);
    assert.deepEqual(texts(entries), [null]);
    assert.doesNotMatch(JSON.stringify(entries.list()), /secret/);
  });

  test('a change that came while the page with its message was on the way is not lost', () => {
    const entries = createEntries();
    entries.append(said(10, 'live'));
    entries.append(edited(11, 3, 'three, mended'));
    entries.append(deleted(12, 4));
    entries.prepend([said(3, 'three'), said(4, 'four')], 10);
    assert.deepEqual(texts(entries), ['three, mended', null, 'live']);
  });

  test('a page that is folded further than a change stays as it is', () => {
    const entries = createEntries();
    entries.append(edited(11, 3, 'first mending'));
    entries.prepend([said(3, 'second mending')], 12);
    assert.deepEqual(texts(entries), ['second mending']);
  });

  test('a page never brings a row that is there already', () => {
    const entries = createEntries();
    entries.append(said(5, 'five'));
    entries.prepend([said(4, 'four'), said(5, 'five')], 5);
    assert.deepEqual(texts(entries), ['four', 'five']);
  });
});
