import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { createJournal } from './journal.ts';
import type { JournalOptions } from './journal.ts';
import type { JournalEvent } from './journal-event.ts';

const ADA = { id: 'p1', nick: 'Ada' };
const NOON = new Date(2026, 10, 24, 12, 0, 5).getTime();

/** A journal that writes into memory, with a clock that the test turns. */
async function openJournal(options: Partial<JournalOptions> = {}) {
  let text = '';
  let time = NOON;
  const due: { at: number; call: () => void }[] = [];
  const journal = await createJournal({
    sink: { write: (more) => void (text += more), flush: () => Promise.resolve() },
    isTerminal: true,
    colour: false,
    level: 'info',
    linesPerSecond: 3,
    clock: {
      now: () => time,
      later: (call, milliseconds) => void due.push({ at: time + milliseconds, call }),
    },
    ...options,
  });
  return {
    journal,
    lines: () => text.split('\n').slice(0, -1),
    pass(milliseconds: number) {
      time += milliseconds;
      for (const { call } of due.splice(0).filter(({ at }) => at <= time)) call();
    },
  };
}

const EVENTS: readonly (readonly [JournalEvent, string])[] = [
  [{ kind: 'listening', frontend: 'tcp', url: 'tcp://[::]:8089' }, 'listening on tcp://[::]:8089'],
  [{ kind: 'connected', frontend: 'websocket', address: '192.0.2.7' }, '192.0.2.7 connected (websocket)'],
  [
    { kind: 'login', frontend: 'tcp', address: '::1', person: ADA, returning: true },
    '::1 is Ada, back again (tcp)',
  ],
  [{ kind: 'entered', person: ADA, room: 'lobby' }, 'Ada has entered lobby'],
  [{ kind: 'left', person: ADA, room: 'lobby', reason: 'kicked' }, 'Ada has left lobby (kicked)'],
  [{ kind: 'renamed', person: ADA, nick: '小明' }, 'Ada is now 小明'],
  [
    {
      kind: 'disconnected',
      frontend: 'tcp',
      address: '::1',
      person: ADA,
      reason: 'slow_consumer',
      seconds: 100,
    },
    'Ada at ::1 disconnected after 2 min (tcp, slow_consumer)',
  ],
  [
    { kind: 'refused', frontend: 'tcp', address: '::1', code: 'too_long', length: 70_000 },
    '::1 was refused: too_long, 70000 bytes (tcp)',
  ],
  [{ kind: 'kicked', person: ADA }, 'Ada was put out by the operator'],
  [{ kind: 'trouble', where: 'store', message: 'the disk is full' }, 'trouble in store: the disk is full'],
  [{ kind: 'recovered', where: 'store' }, 'store works again'],
  [{ kind: 'notice', message: 'Something to know.' }, 'Something to know.'],
  [{ kind: 'stopping', reason: 'SIGTERM' }, 'stopping (SIGTERM)'],
  [{ kind: 'stopped' }, 'stopped'],
];

describe('the journal', () => {
  test('shows each event as one readable line on a terminal', async () => {
    const { journal, lines } = await openJournal();
    journal.open('');
    for (const [event] of EVENTS) journal.report(event);
    assert.deepEqual(
      lines(),
      EVENTS.map(([, words]) => `12:00:05  ${words}`),
    );
  });

  test('shows each event as one JSON line with the same fields in a pipe', async () => {
    const { journal, lines } = await openJournal({ isTerminal: false });
    journal.open('hello\n');
    for (const [event] of EVENTS) journal.report(event);
    const [greeting, ...rest] = lines();
    assert.equal(greeting, 'hello');
    for (const [index, line] of rest.entries()) {
      const { level, time, ...event } = JSON.parse(line);
      assert.deepEqual(event, EVENTS[index]?.[0]);
      assert.match(time, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      assert.match(level, /^(info|warn|error)$/);
    }
    assert.equal(rest.length, EVENTS.length);
  });

  test('keeps what happens before the greeting until after it', async () => {
    const { journal, lines } = await openJournal();
    journal.report({ kind: 'stopped' });
    assert.deepEqual(lines(), []);
    journal.open('Welcome.\n');
    assert.deepEqual(lines(), ['Welcome.', '12:00:05  stopped']);
  });

  test('log.level leaves out what is less important, and never who listens and that it stops', async () => {
    const shown = async (level: JournalOptions['level']) => {
      const { journal, lines } = await openJournal({ level });
      journal.open('');
      for (const [event] of EVENTS) journal.report(event);
      return lines().length;
    };
    assert.deepEqual(await Promise.all([shown('info'), shown('warn'), shown('error')]), [14, 8, 6]);
  });

  test('C5 no name, room or code can steer the terminal or begin a line of its own', async () => {
    const nick = 'a\x1b]52;c;AAAA\x07\x9b2J\r\nb\u202e\u2028\u0085\u200b\ud800';
    const { journal, lines } = await openJournal();
    journal.open('');
    journal.report({ kind: 'entered', person: { id: 'p1', nick }, room: '\x1b[2Jlobby' });
    assert.deepEqual(lines(), [
      '12:00:05  a\\u{1b}]52;c;AAAA\\u{7}\\u{9b}2J\\u{d}\\u{a}b\\u{202e}\\u{2028}\\u{85}\\u{200b}\\u{d800} has entered \\u{1b}[2Jlobby',
    ]);
  });

  test('F11 a flood of one kind costs some lines a second, and what was left out is counted', async () => {
    const { journal, lines, pass } = await openJournal();
    journal.open('');
    const bad: JournalEvent = { kind: 'refused', frontend: 'tcp', address: '::1', code: 'bad_request' };
    for (let index = 0; index < 10_000; index += 1) journal.report(bad);
    journal.report({ kind: 'trouble', where: 'store', message: 'the disk is full' });
    assert.equal(lines().length, 4);
    assert.match(lines()[3] ?? '', /the disk is full/);
    pass(1000);
    assert.equal(lines()[4], '12:00:06  … and 9997 more of "refused" in this second');
    pass(5000);
    journal.report(bad);
    assert.equal(lines().length, 6);
  });

  test('F11 the count comes as JSON in a pipe', async () => {
    const { journal, lines, pass } = await openJournal({ isTerminal: false });
    journal.open('');
    for (let index = 0; index < 5; index += 1)
      journal.report({ kind: 'connected', frontend: 'tcp', address: '::1' });
    pass(1000);
    const { kind, of, count } = JSON.parse(lines()[3] ?? '');
    assert.deepEqual({ kind, of, count }, { kind: 'left_out', of: 'connected', count: 2 });
  });

  test('G2 of an error it shows name, code and frames, and never the message, which may quote a text', async () => {
    const secret = 'canary-secret';
    const error = Object.assign(new TypeError(`bad text ${secret}\n    at ${secret}`), { code: 'ERR_SOME' });
    for (const isTerminal of [true, false]) {
      const { journal, lines } = await openJournal({ isTerminal });
      journal.open('');
      journal.report({ kind: 'trouble', where: 'http', message: 'a request failed', error });
      const text = lines().join('\n');
      assert.match(text, /TypeError/);
      assert.match(text, /ERR_SOME/);
      assert.match(text, /at .*journal\.test\.ts/);
      assert.ok(!text.includes(secret), text);
    }
  });

  test('colours a fault only where colour is wanted', async () => {
    const { journal, lines } = await openJournal({ colour: true });
    journal.open('');
    journal.report({ kind: 'trouble', where: 'store', message: 'gone' });
    assert.deepEqual(lines(), ['\x1b[2m12:00:05\x1b[0m  \x1b[31mtrouble in store: gone\x1b[0m']);
  });
});
