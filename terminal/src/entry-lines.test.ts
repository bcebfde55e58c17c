import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { WireEntry } from '@teahouse/protocol';
import { createColours } from './colours.ts';
import { entryLines } from './entry-lines.ts';

const from = { id: 'p1', nick: 'Ada' };
const other = { id: 'p2', nick: 'Bob' };
const at = { room: 'lobby', seq: 1, time: '2026-11-24T08:05:00.000Z', from } as const;
const plain = createColours(1);
const lines = (entry: WireEntry) => entryLines(entry, plain).map((line) => line.replace(/^\d\d:\d\d /, ''));

describe('an entry in a terminal', () => {
  test('each kind is said in words', () => {
    const cases: [WireEntry, string][] = [
      [{ ...at, type: 'message', text: 'hi' }, 'Ada: hi'],
      [{ ...at, type: 'message', text: 'hi', edited: at.time }, 'Ada: hi (edited)'],
      [{ ...at, type: 'message', deleted: true }, '* Ada took this message back'],
      [{ ...at, type: 'edit', of: 1, text: 'ho' }, '* Ada changed a message: ho'],
      [{ ...at, type: 'edit', of: 1, deleted: true }, '* Ada took a change back'],
      [{ ...at, type: 'delete', of: 1 }, '* Ada took a message back'],
      [{ ...at, type: 'topic', topic: 'tea' }, '* Ada set the topic: tea'],
      [{ ...at, type: 'topic', topic: '' }, '* Ada took the topic away'],
      [{ ...at, type: 'nick', nick: 'Adele' }, '* Ada is now Adele'],
      [{ ...at, type: 'enter' }, '* Ada came in'],
      [{ ...at, type: 'leave' }, '* Ada left'],
      [{ ...at, type: 'moderation', action: 'kick', target: other }, '* Bob was put out by Ada'],
    ];
    for (const [entry, words] of cases) assert.deepEqual(lines(entry), [words]);
  });

  test('the time is local, hours and minutes', () => {
    const [line] = entryLines({ ...at, type: 'message', text: 'hi' }, plain);
    const date = new Date(at.time);
    const local = [date.getHours(), date.getMinutes()]
      .map((number) => String(number).padStart(2, '0'))
      .join(':');
    assert.equal(line, `${local} Ada: hi`);
    assert.deepEqual(entryLines({ ...at, time: '\x1b[2J', type: 'enter' }, plain), ['--:-- * Ada came in']);
  });

  test('C1 no text can look like a line of somebody else: each line has the name of who said it', () => {
    const forged = 'hi\n08:05 Eve: I owe you\r* Eve left\u2028x';
    for (const entry of [
      { ...at, type: 'message', text: forged },
      { ...at, type: 'edit', of: 1, text: forged },
      { ...at, type: 'topic', topic: forged },
    ] as const) {
      const shown = lines(entry);
      assert.equal(shown.length, 4);
      for (const line of shown) assert.match(line, /^(\* )?Ada/);
    }
  });

  test('C5 what a hostile server puts into names and topics is harmless, with colours too', () => {
    const nick = 'A\x1b]0;x\x07\n\u202e';
    const evil = { ...at, from: { id: 'p1', nick } };
    for (const entry of [
      { ...evil, type: 'enter' },
      { ...evil, type: 'nick', nick },
      { ...evil, type: 'moderation', action: 'kick', target: { id: 'p2', nick } },
    ] as const) {
      for (const bits of [1, 4, 8, 24]) {
        const shown = entryLines(entry, createColours(bits));
        assert.equal(shown.length, 1);
        // Colours are the only sequences.
        assert.doesNotMatch(shown.join('').replace(/\x1b\[[\d;]*m/g, ''), /[\p{Cc}\p{Cf}]/u); // oxlint-disable-line no-control-regex -- they are ours
      }
    }
  });

  test('a name has the same colour everywhere, and names differ', () => {
    const { name } = createColours(8);
    assert.equal(name('Ada'), name('Ada'));
    const colours = new Set(Array.from({ length: 100 }, (_, index) => name(`name${index}`).split('m')[0]));
    assert.equal(colours.size, 12);
  });
});
