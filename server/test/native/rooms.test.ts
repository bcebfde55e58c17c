import assert from 'node:assert/strict';
import { test } from 'node:test';

import { comeIn, connectNative, startTestServer, type Message } from '../harness.ts';

interface Row {
  readonly name: string;
  readonly topic: string;
  readonly people: number;
  readonly lastSeq: number;
  readonly joined: boolean;
  readonly read?: number;
  readonly unread?: number;
  readonly mentions?: number;
}

const rowsOf = (answer: Message) => answer['rooms'] as Row[];

test('ROOM-1 ROOM-7 PRES-7 lobby is there from the first start, with the topic of the config, and begins with an enter', async (t) => {
  const server = await startTestServer(t, { config: { lobby: { topic: '欢迎 · welcome' } } });
  const ada = await comeIn(t, server.port('tcp'), 'Ada', { since: 0 });
  const first = await ada.until('the first entry', (m) => m['seq'] === 1);
  assert.equal(first.type, 'enter');
  const [lobby] = rowsOf(await ada.ok({ type: 'rooms' }));
  assert.deepEqual(lobby, { name: 'lobby', topic: '欢迎 · welcome', people: 1, lastSeq: 1, joined: true });
  assert.equal((await ada.request({ type: 'topic', room: 'lobby', topic: 'mine' }))['code'], 'forbidden');
});

test('ROOM-2 C3 a room name that could forge a line, is too long or blank is bad_room; emoji are allowed', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  for (const room of [
    '',
    ' ',
    '#x',
    'a b',
    'a:b',
    '[!] 2026',
    '*',
    'x'.repeat(65),
    '茶'.repeat(65),
    'a\u202eb',
  ]) {
    assert.equal((await ada.request({ type: 'create', room }))['code'], 'bad_room', JSON.stringify(room));
  }
  assert.equal((await ada.request({ type: 'create', room: 'a\u0000' }))['type'], 'error');
  for (const room of ['茶馆', '🍵', 'x'.repeat(64)]) await ada.ok({ type: 'create', room });
});

test('ROOM-3 JOIN-10 anybody makes a room, which looks like no other; join makes none', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  assert.equal((await ada.request({ type: 'join', room: 'garden' }))['code'], 'room_not_found');
  const made = await ada.ok({ type: 'create', room: 'garden', topic: 'roses' });
  assert.deepEqual(made['room'], { name: 'garden', topic: 'roses' });
  for (const room of ['garden', 'Garden', 'gаrden', 'ｇａｒｄｅｎ', 'lobby']) {
    assert.equal((await ada.request({ type: 'create', room }))['code'], 'room_exists', room);
  }
  await ada.ok({ type: 'join', room: 'garden' });
});

test('ROOM-4 F7 rooms pages through all public rooms in the order of their names', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  for (const room of ['d4', 'a1', 'c3', 'b2']) await ada.ok({ type: 'create', room });
  const first = await ada.ok({ type: 'rooms', limit: 3 });
  assert.deepEqual([rowsOf(first).map((row) => row.name), first['more']], [['a1', 'b2', 'c3'], true]);
  const second = await ada.ok({ type: 'rooms', after: 'c3' });
  assert.deepEqual([rowsOf(second).map((row) => row.name), second['more']], [['d4', 'lobby'], false]);
  assert.deepEqual(
    rowsOf(second).map((row) => row.joined),
    [false, true],
  );
  assert.equal((await ada.request({ type: 'rooms', limit: 501 }))['code'], 'bad_request');
});

test('ROOM-5 PRES-6 the read marker never goes back, tells the other connections, and unread counts messages only', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  const second = await connectNative(t, server.port('tcp'));
  await second.ok({ type: 'login', session: ada.session });
  const bob = await comeIn(t, server.port('tcp'), 'Bob');
  assert.equal('unread' in (rowsOf(await ada.ok({ type: 'rooms' }))[0] ?? {}), false);
  const first = await bob.ok({ type: 'send', room: 'lobby', text: 'one' });
  assert.equal((await ada.ok({ type: 'read', room: 'lobby', seq: first['seq'] }))['seq'], first['seq']);
  assert.equal((await second.until('the marker', (m) => m.type === 'read'))['seq'], first['seq']);
  await bob.ok({ type: 'send', room: 'lobby', text: 'hello @ada' });
  await bob.ok({ type: 'send', room: 'lobby', text: 'two' });
  await bob.ok({ type: 'edit', room: 'lobby', of: first['seq'], text: 'one!' });
  const [row] = rowsOf(await ada.ok({ type: 'rooms' }));
  assert.deepEqual([row?.read, row?.unread, row?.mentions], [first['seq'], 2, 1]);
  assert.equal((await ada.ok({ type: 'read', room: 'lobby', seq: 0 }))['seq'], first['seq']);
  const past = await ada.ok({ type: 'read', room: 'lobby', seq: 1_000_000 });
  assert.equal(past['seq'], rowsOf(await ada.ok({ type: 'rooms' }))[0]?.lastSeq);
});

test("ROOM-6 a room's creator sets the topic, which is an entry; others may not", async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  await ada.ok({ type: 'create', room: 'garden' });
  await ada.ok({ type: 'join', room: 'garden' });
  const bob = await comeIn(t, server.port('tcp'), 'Bob', { room: 'garden' });
  await ada.ok({ type: 'topic', room: 'garden', topic: '玫瑰' });
  const entry = await bob.until('the topic', (m) => m.type === 'topic');
  assert.deepEqual([entry['topic'], (entry['from'] as { nick: string }).nick], ['玫瑰', 'Ada']);
  assert.equal((await bob.request({ type: 'topic', room: 'garden', topic: 'weeds' }))['code'], 'forbidden');
  for (const topic of ['two\nlines', 'x\u2028y', 'x'.repeat(1_025)]) {
    assert.match(
      String((await ada.request({ type: 'topic', room: 'garden', topic }))['code']),
      /bad_request|too_long/,
    );
  }
  await ada.ok({ type: 'topic', room: 'garden', topic: '' });
  assert.equal(rowsOf(await bob.ok({ type: 'rooms' })).find((row) => row.name === 'garden')?.topic, '');
});

test('ROOM-8 ROOM-9 entries have a dense seq from 1, a time that never falls, and the fields of their kind', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada', { since: 0 });
  for (let count = 0; count < 20; count += 1) await ada.ok({ type: 'send', room: 'lobby', text: `${count}` });
  await ada.until('the last', (m) => m['text'] === '19');
  const entries = ada.received.filter((m) => 'seq' in m && m.type !== 'ok');
  assert.deepEqual(
    entries.map((m) => m['seq']),
    entries.map((_, index) => index + 1),
  );
  let before = '';
  for (const entry of entries) {
    assert.match(String(entry['time']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(String(entry['time']) >= before);
    before = String(entry['time']);
    assert.deepEqual(Object.keys(entry).slice(0, 5), ['type', 'room', 'seq', 'time', 'from']);
    assert.equal('id' in entry, false);
  }
});

test('PROMISE-7 B1 every request about a room that is not there answers alike', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  const requests = [
    { type: 'join' },
    { type: 'leave' },
    { type: 'members' },
    { type: 'history' },
    { type: 'topic', topic: 'x' },
    { type: 'send', text: 'x' },
    { type: 'edit', of: 1, text: 'x' },
    { type: 'delete', of: 1 },
    { type: 'typing' },
    { type: 'read', seq: 1 },
  ];
  for (const request of requests) {
    const answer = await ada.request({ ...request, room: 'nowhere' });
    assert.deepEqual(
      [answer['code'], answer['message']],
      ['room_not_found', 'There is no such room.'],
      request.type,
    );
  }
});

test('PRES-1 PRES-2 above the limit of people coming and going are no entries but a presence event', async (t) => {
  const server = await startTestServer(t, { config: { limits: { presencePeople: 3 } } });
  const people = [];
  for (const nick of ['a1', 'b2', 'c3', 'd4', 'e5']) people.push(await comeIn(t, server.port('tcp'), nick));
  const [first] = people;
  assert.ok(first);
  const presence = await first.until('presence', (m) => m.type === 'presence');
  assert.deepEqual(
    [presence['room'], presence['people'], presence['came'], presence['went']],
    ['lobby', 5, 2, 0],
  );
  assert.equal(first.received.filter((m) => m.type === 'enter').length, 3);
  people.at(-1)?.close();
  const next = await first.until('the next presence', (m) => m.type === 'presence' && m['went'] === 1);
  assert.deepEqual([next['people'], next['came']], [4, 0]);
  assert.equal(first.received.filter((m) => m.type === 'leave').length, 0);
});

test('PRES-4 members pages through who is there, in the order of ids, and only members see it', async (t) => {
  const server = await startTestServer(t);
  const people = [];
  for (const nick of ['a1', 'b2', 'c3', 'd4', 'e5']) people.push(await comeIn(t, server.port('tcp'), nick));
  const ids = people.map((person) => person.id).sort((a, b) => (a < b ? -1 : 1));
  const [first] = people;
  assert.ok(first);
  const page = async (after?: string) =>
    first.ok({ type: 'members', room: 'lobby', limit: 3, ...(after === undefined ? {} : { after }) });
  const one = await page();
  const idsOf = (answer: Message) => (answer['members'] as { id: string }[]).map((member) => member.id);
  assert.deepEqual([idsOf(one), one['more']], [ids.slice(0, 3), true]);
  const two = await page(ids[2]);
  assert.deepEqual([idsOf(two), two['more']], [ids.slice(3), false]);
  const outside = await comeIn(t, server.port('tcp'), 'outside', { room: null });
  assert.equal((await outside.request({ type: 'members', room: 'lobby' }))['code'], 'not_in_room');
});

test('PRES-5 typing reaches the others as an event without seq, and is not kept', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  const bob = await comeIn(t, server.port('tcp'), 'Bob');
  await ada.ok({ type: 'typing', room: 'lobby' });
  await ada.ok({ type: 'typing', room: 'lobby', on: false });
  const event = await bob.until('typing', (m) => m.type === 'typing');
  assert.deepEqual(event, { type: 'typing', room: 'lobby', from: { id: ada.id, nick: 'Ada' }, on: true });
  await bob.until('the end of typing', (m) => m.type === 'typing' && m['on'] === false);
  await ada.roundTrip();
  assert.equal(
    ada.received.some((m) => m.type === 'typing'),
    false,
  );
});
