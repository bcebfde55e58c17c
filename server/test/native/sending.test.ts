import assert from 'node:assert/strict';
import { test } from 'node:test';

import { comeIn, connectNative, startTestServer, temporaryFolder, type Message } from '../harness.ts';

const codeOf = (message: Message) => message['code'];

test('SEND-1 SEND-3 SEND-4 the ok has seq and time and comes before the entry, which carries its key to everybody', async (t) => {
  const server = await startTestServer(t);
  const bob = await comeIn(t, server.port('tcp'), 'Bob');
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  const answer = await ada.ok({ type: 'send', room: 'lobby', text: 'hi', key: 'c1-0001' });
  const own = await ada.until('the own entry', (m) => m.type === 'message');
  assert.ok(ada.received.indexOf(answer) < ada.received.indexOf(own));
  assert.deepEqual([answer['seq'], answer['time']], [own['seq'], own['time']]);
  assert.equal(own['key'], 'c1-0001');
  assert.deepEqual(await bob.until('the entry', (m) => m.type === 'message'), own);
  const page = await bob.ok({ type: 'history', room: 'lobby', kinds: ['message'] });
  assert.deepEqual(page['entries'], [own]);
});

test('SEND-1 with a thousand sends under way each ok comes before its entry', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  for (let count = 0; count < 1_000; count += 1)
    ada.send({ type: 'send', id: `s${count}`, room: 'lobby', text: `${count}` });
  await ada.until('the last entry', (m) => m['text'] === '999');
  const answered = new Set<unknown>();
  for (const message of ada.received) {
    if (message.type === 'ok') answered.add(message['seq']);
    if (message.type === 'message') assert.ok(answered.has(message['seq']));
  }
  const texts = ada.received.filter((m) => m.type === 'message').map((m) => Number(m['text']));
  assert.deepEqual(
    texts,
    texts.map((_, index) => index),
  );
});

test('SEND-2 PROMISE-2 a key that was sent before gets the first answer, even with another text, and after a restart', async (t) => {
  const folder = await temporaryFolder(t);
  const first = await startTestServer(t, { folder });
  const ada = await comeIn(t, first.port('tcp'), 'Ada');
  const bob = await comeIn(t, first.port('tcp'), 'Bob');
  const send = { type: 'send', room: 'lobby', text: 'once', key: 'k' };
  const answer = await ada.ok(send);
  for (const text of ['once', 'other']) {
    const again = await ada.ok({ ...send, text });
    assert.deepEqual([again['seq'], again['time']], [answer['seq'], answer['time']]);
  }
  assert.notEqual((await bob.ok(send))['seq'], answer['seq']);
  await bob.ok({ type: 'leave', room: 'lobby' });
  assert.equal(codeOf(await bob.request(send)), 'not_in_room');
  await first.stop();
  const second = await startTestServer(t, { folder });
  const back = await connectNative(t, second.port('tcp'));
  await back.ok({ type: 'login', session: ada.session });
  await back.ok({ type: 'join', room: 'lobby', since: 0 });
  assert.equal((await back.ok(send))['seq'], answer['seq']);
  await back.roundTrip();
  assert.equal(back.received.filter((m) => m.type === 'message').length, 2);
});

test('SEND-2 both of two sends with one key that are under way at once get the same answer', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  const send = { type: 'send', room: 'lobby', text: 'once', key: 'k' };
  const [one, two] = await Promise.all([ada.ok(send), ada.ok(send)]);
  assert.deepEqual([one['seq'], one['time']], [two['seq'], two['time']]);
  await ada.roundTrip();
  assert.equal(ada.received.filter((m) => m.type === 'message').length, 1);
});

test('SEND-5 to a room one is not in is not_in_room, before and after having been there', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada', { room: null });
  assert.equal(codeOf(await ada.request({ type: 'send', room: 'lobby', text: 'x' })), 'not_in_room');
  await ada.ok({ type: 'join', room: 'lobby' });
  const leaving = ada.ok({ type: 'leave', room: 'lobby' });
  const send = ada.request({ type: 'send', room: 'lobby', text: 'x' });
  await leaving;
  assert.equal(codeOf(await send), 'not_in_room');
});

test('SEND-6 C1 C5 CRLF becomes LF, other controls are kept as they are, and lines stay whole on the wire', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  const text = 'a\r\nb\rc\u0085d\u2028e\u001b[31mf\u0007\tg';
  await ada.ok({ type: 'send', room: 'lobby', text });
  const entry = await ada.until('the entry', (m) => m.type === 'message');
  assert.equal(entry['text'], text.replace('\r\n', '\n'));
});

test('SEND-7 C7 a text with NUL, half a character or nothing in it gets bad_request and is not stored', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  for (const text of ['a\\u0000b', '\\ud83c', 'x\\udf75y', '', ' \\n\\t ', '\\u3000']) {
    ada.send(`{"type":"send","id":"${text.replaceAll('\\', '/')}","room":"lobby","text":"${text}"}`);
    const answer = await ada.until('the answer', (m) => m['id'] === text.replaceAll('\\', '/'));
    assert.equal(codeOf(answer), 'bad_request', text);
  }
  const page = await ada.ok({ type: 'history', room: 'lobby', kinds: ['message'] });
  assert.deepEqual(page['entries'], []);
});

test('SEND-8 LIMIT-1 a text of more than 16 KiB gets too_long, which names the limit; bytes count, not characters', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  await ada.ok({ type: 'send', room: 'lobby', text: 'x'.repeat(16_384) });
  await ada.ok({ type: 'send', room: 'lobby', text: '茶'.repeat(5_461) });
  for (const text of ['x'.repeat(16_385), '茶'.repeat(5_462)]) {
    const answer = await ada.request({ type: 'send', room: 'lobby', text });
    assert.equal(codeOf(answer), 'too_long');
    assert.match(String(answer['message']), /16,?384|16 KiB/);
  }
});

test('EDIT-1 EDIT-2 EDIT-3 an edit and a deletion are entries; the erased one keeps seq, time, type and from', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  const sent = await ada.ok({ type: 'send', room: 'lobby', text: 'a typpo' });
  const of = sent['seq'];
  await ada.ok({ type: 'edit', room: 'lobby', of, text: 'a typo' });
  const edit = await ada.until('the edit', (m) => m.type === 'edit');
  assert.deepEqual([edit['of'], edit['text']], [of, 'a typo']);
  const [row] = (await ada.ok({ type: 'history', room: 'lobby', kinds: ['message'] }))[
    'entries'
  ] as Message[];
  assert.deepEqual([row?.['text'], row?.['edited']], ['a typo', edit['time']]);
  await ada.ok({ type: 'delete', room: 'lobby', of });
  const gone = await ada.until('the deletion', (m) => m.type === 'delete');
  assert.equal(gone['of'], of);
  const erased = {
    type: 'message',
    room: 'lobby',
    seq: of,
    time: sent['time'],
    from: { id: ada.id, nick: 'Ada' },
    deleted: true,
  };
  const [folded] = (await ada.ok({ type: 'history', room: 'lobby', kinds: ['message'] }))[
    'entries'
  ] as Message[];
  assert.deepEqual(folded, erased);
  const bob = await comeIn(t, server.port('tcp'), 'Bob', { since: 0 });
  await bob.roundTrip();
  assert.deepEqual(
    bob.received.find((m) => m['seq'] === of),
    erased,
  );
  assert.deepEqual(
    bob.received.find((m) => m.type === 'edit'),
    {
      type: 'edit',
      room: 'lobby',
      seq: edit['seq'],
      time: edit['time'],
      from: edit['from'],
      of,
      deleted: true,
    },
  );
});

test('EDIT-4 B5 what another wrote, what is erased, what is no message, and the same seq in another room are forbidden', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  const bob = await comeIn(t, server.port('tcp'), 'Bob');
  await bob.ok({ type: 'create', room: 'garden' });
  await bob.ok({ type: 'join', room: 'garden' });
  const { seq: of } = await ada.ok({ type: 'send', room: 'lobby', text: 'mine' });
  const both = async (client: typeof ada, target: unknown, room = 'lobby') => [
    codeOf(await client.request({ type: 'edit', room, of: target, text: 'x' })),
    codeOf(await client.request({ type: 'delete', room, of: target })),
  ];
  assert.deepEqual(await both(bob, of), ['forbidden', 'forbidden']);
  assert.deepEqual(await both(ada, 1), ['forbidden', 'forbidden']);
  assert.deepEqual(await both(ada, 9_999), ['forbidden', 'forbidden']);
  assert.deepEqual(await both(bob, of, 'garden'), ['forbidden', 'forbidden']);
  await ada.ok({ type: 'delete', room: 'lobby', of });
  assert.deepEqual(await both(ada, of), ['forbidden', 'forbidden']);
  const { seq: next } = await ada.ok({ type: 'send', room: 'lobby', text: 'mine' });
  await ada.ok({ type: 'leave', room: 'lobby' });
  assert.deepEqual(await both(ada, next), ['not_in_room', 'not_in_room']);
});

test('HIST-1 HIST-2 HIST-8 pages before, after, around and at, and the newest without any of them', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  const times: string[] = [];
  for (let count = 2; count <= 30; count += 1) {
    times[count] = String((await ada.ok({ type: 'send', room: 'lobby', text: `${count}` }))['time']);
  }
  const page = async (request: object) => {
    const answer = await ada.ok({ type: 'history', room: 'lobby', limit: 5, ...request });
    assert.equal(answer['asOf'], 30);
    return [(answer['entries'] as { seq: number }[]).map((entry) => entry.seq), answer['more']];
  };
  assert.deepEqual(await page({}), [[26, 27, 28, 29, 30], true]);
  assert.deepEqual(await page({ before: 10 }), [[5, 6, 7, 8, 9], true]);
  assert.deepEqual(await page({ before: 4 }), [[1, 2, 3], false]);
  assert.deepEqual(await page({ after: 10 }), [[11, 12, 13, 14, 15], true]);
  assert.deepEqual(await page({ after: 28 }), [[29, 30], false]);
  assert.deepEqual(await page({ around: 20 }), [[18, 19, 20, 21, 22], true]);
  const [seqs] = await page({ at: times[15] });
  assert.ok((seqs as number[])[0] === times.indexOf(String(times[15])));
  assert.equal(
    codeOf(await ada.request({ type: 'history', room: 'lobby', before: 3, after: 1 })),
    'bad_request',
  );
  assert.equal(codeOf(await ada.request({ type: 'history', room: 'lobby', at: 'yesterday' })), 'bad_request');
  assert.equal(codeOf(await ada.request({ type: 'history', room: 'lobby', limit: 501 })), 'bad_request');
});

test('HIST-3 HIST-4 HIST-6 HIST-7 a page is folded, kinds choose, and a room can be read without joining it', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  const { seq: of } = await ada.ok({ type: 'send', room: 'lobby', text: 'one' });
  await ada.ok({ type: 'edit', room: 'lobby', of, text: 'uno' });
  const { seq: second } = await ada.ok({ type: 'send', room: 'lobby', text: 'two' });
  await ada.ok({ type: 'delete', room: 'lobby', of: second });
  const reader = await comeIn(t, server.port('tcp'), 'Reader', { room: null });
  const all = await reader.ok({ type: 'history', room: 'lobby' });
  assert.deepEqual(
    (all['entries'] as Message[]).map((m) => [m.type, m['text'], m['deleted']]),
    [
      ['enter', undefined, undefined],
      ['message', 'uno', undefined],
      ['message', undefined, true],
    ],
  );
  const edits = await reader.ok({ type: 'history', room: 'lobby', kinds: ['edit', 'delete'] });
  assert.deepEqual(
    (edits['entries'] as Message[]).map((m) => m.type),
    ['edit', 'delete'],
  );
  const joined = await reader.ok({ type: 'join', room: 'lobby', since: all['asOf'] });
  assert.equal(joined['from'], (all['asOf'] as number) + 1);
});

test('HIST-5 a page ends at 512 KiB too, and pages one after the other miss nothing', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  for (let count = 0; count < 80; count += 1)
    await ada.ok({ type: 'send', room: 'lobby', text: 'x'.repeat(16_000) });
  const seqs: number[] = [];
  for (let after = 0, more: unknown = true; more === true;) {
    const page = await ada.ok({ type: 'history', room: 'lobby', after, limit: 500 });
    const entries = page['entries'] as Message[];
    assert.ok(JSON.stringify(page).length < 600_000);
    seqs.push(...entries.map((m) => m['seq'] as number));
    after = seqs.at(-1) ?? 0;
    more = page['more'];
  }
  assert.deepEqual(
    seqs,
    seqs.map((_, index) => index + 1),
  );
  assert.equal(seqs.length, 81);
});
