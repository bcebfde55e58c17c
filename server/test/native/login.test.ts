import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { comeIn, connectNative, startTestServer, temporaryFolder, withPatience } from '../harness.ts';

const personOf = (message: Record<string, unknown>) => message['person'] as { id: string; nick: string };

test('LOGIN-1 a nick alone makes a new person with an id, whose session is told once', async (t) => {
  const server = await startTestServer(t);
  const client = await connectNative(t, server.port('tcp'));
  const answer = await client.ok({ type: 'login', nick: 'Ada' });
  assert.match(String(answer['session']), /^[\w-]{43}$/);
  assert.match(personOf(answer).id, /^p\w{10}$/);
  assert.equal(personOf(answer).nick, 'Ada');
  assert.equal((await client.request({ type: 'login', nick: 'Ada' }))['code'], 'bad_request');
});

test('LOGIN-2 LOGIN-4 a session brings back the same person, also after a restart, and is not told again', async (t) => {
  const folder = await temporaryFolder(t);
  const first = await startTestServer(t, { folder });
  const ada = await comeIn(t, first.port('tcp'), 'Ada');
  ada.close();
  await ada.closed;
  for (const server of [first, await first.stop().then(() => startTestServer(t, { folder }))].slice(1)) {
    const back = await connectNative(t, server.port('tcp'));
    const answer = await back.ok({ type: 'login', session: ada.session });
    assert.deepEqual(personOf(answer), { id: ada.id, nick: 'Ada' });
    assert.equal('session' in answer, false);
  }
});

test('LOGIN-3 A10 a session that is wrong, empty or ended gets login_failed', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  for (const session of [
    '',
    'x',
    ada.session.slice(0, -1),
    `${ada.session} `,
    ada.session.toLowerCase(),
    '_'.repeat(43),
  ]) {
    const client = await connectNative(t, server.port('tcp'));
    assert.equal((await client.request({ type: 'login', session }))['code'], 'login_failed', session);
  }
  for (const session of [null, [ada.session], { a: 1 }, 7, true]) {
    const client = await connectNative(t, server.port('tcp'));
    assert.equal((await client.request({ type: 'login', session }))['code'], 'bad_request');
  }
});

test('LOGIN-5 where the nickname was taken meanwhile the session stays good, under another nick', async (t) => {
  const server = await startTestServer(t);
  const first = await comeIn(t, server.port('tcp'), 'Ada');
  first.close();
  await first.closed;
  await comeIn(t, server.port('tcp'), 'ada');
  const back = await connectNative(t, server.port('tcp'));
  assert.equal((await back.request({ type: 'login', session: first.session }))['code'], 'nick_taken');
  const answer = await back.ok({ type: 'login', session: first.session, nick: 'Countess' });
  assert.deepEqual(personOf(answer), { id: first.id, nick: 'Countess' });
});

test('LOGIN-6 every request but login and ping gets login_required before one', async (t) => {
  const server = await startTestServer(t, { config: { limits: { requestsBeforeLogin: 100 } } });
  const client = await connectNative(t, server.port('tcp'));
  const requests = [
    { type: 'logout' },
    { type: 'whoami' },
    { type: 'nick', nick: 'A' },
    { type: 'rooms' },
    { type: 'create', room: 'x' },
    { type: 'join', room: 'lobby' },
    { type: 'leave', room: 'lobby' },
    { type: 'members', room: 'lobby' },
    { type: 'topic', room: 'lobby', topic: 'x' },
    { type: 'send', room: 'lobby', text: 'x' },
    { type: 'edit', room: 'lobby', of: 1, text: 'x' },
    { type: 'delete', room: 'lobby', of: 1 },
    { type: 'history', room: 'lobby' },
    { type: 'typing', room: 'lobby' },
    { type: 'read', room: 'lobby', seq: 1 },
  ];
  for (const request of requests)
    assert.equal((await client.request(request))['code'], 'login_required', request.type);
  await client.ok({ type: 'ping' });
});

test('LOGIN-7 logout makes the session void, takes the person out and closes all their connections', async (t) => {
  const server = await startTestServer(t);
  const watcher = await comeIn(t, server.port('tcp'), 'Watcher');
  const ada = await comeIn(t, server.port('tcp'), 'Ada', { hold: true });
  const second = await connectNative(t, server.port('tcp'));
  await second.ok({ type: 'login', session: ada.session, hold: true });
  await ada.ok({ type: 'logout' });
  await Promise.all([ada.closed, second.closed]);
  await watcher.until('the leave', (m) => m.type === 'leave');
  const back = await connectNative(t, server.port('tcp'));
  assert.equal((await back.request({ type: 'login', session: ada.session }))['code'], 'login_failed');
});

test('LOGIN-7 A11 a login with a session that is being ended does not survive it', async (t) => {
  const server = await startTestServer(t);
  for (let round = 0; round < 30; round += 1) {
    const first = await comeIn(t, server.port('tcp'), `Ada${round}`, { hold: true });
    const second = await connectNative(t, server.port('tcp'));
    await second.roundTrip();
    second.send({ type: 'login', session: first.session });
    await first.request({ type: 'logout' });
    await withPatience('the end of the first', first.closed);
    const still = await second.request({ type: 'whoami' }).then(
      (m) => m['code'],
      () => 'closed',
    );
    assert.ok(still === 'login_required' || still === 'closed', String(still));
    second.socket.destroy();
  }
});

test('LOGIN-8 a login that names neither nick nor session gets bad_request', async (t) => {
  const server = await startTestServer(t);
  const client = await connectNative(t, server.port('tcp'));
  assert.equal((await client.request({ type: 'login' }))['code'], 'bad_request');
});

test('LOGIN-9 whoami answers with the person and their rooms', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  const answer = await ada.ok({ type: 'whoami' });
  assert.deepEqual([personOf(answer), answer['rooms']], [{ id: ada.id, nick: 'Ada' }, ['lobby']]);
});

test('LOGIN-10 A12 G2 a session is fresh, kept hashed only, and in no file, journal or message to others', async (t) => {
  const server = await startTestServer(t);
  const bob = await comeIn(t, server.port('tcp'), 'Bob');
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  assert.notEqual(ada.session, bob.session);
  const text = 'only for the room';
  await ada.ok({ type: 'send', room: 'lobby', text });
  await bob.until('the message', (m) => m['text'] === text);
  await server.stop();
  const files = await readdir(server.folder, { withFileTypes: true });
  const bytes = Buffer.concat(
    await Promise.all(
      files.filter((file) => file.isFile()).map((file) => readFile(join(server.folder, file.name))),
    ),
  );
  assert.equal(bytes.includes(text), true);
  const secrets = [ada.session, Buffer.from(ada.session, 'base64url')];
  for (const secret of secrets) assert.equal(bytes.includes(secret), false);
  assert.equal(bytes.includes(hash('sha256', ada.session, 'buffer')), true);
  const journal = JSON.stringify(server.journal);
  for (const word of [ada.session, text]) assert.equal(journal.includes(word), false);
  assert.equal(
    bob.lines.some((line) => line.includes(ada.session)),
    false,
  );
});

test('NAME-5 A13 a nickname that looks like one that is here or held is nick_taken', async (t) => {
  const server = await startTestServer(t);
  await comeIn(t, server.port('tcp'), 'Paul');
  for (const nick of ['paul', 'PAUL', 'Ｐａｕｌ', 'Раul', 'Pau1']) {
    const client = await connectNative(t, server.port('tcp'));
    assert.equal((await client.request({ type: 'login', nick }))['code'], 'nick_taken', nick);
  }
});

test('NAME-2 nicknames are sent in NFC', async (t) => {
  const server = await startTestServer(t);
  const client = await connectNative(t, server.port('tcp'));
  const answer = await client.ok({ type: 'login', nick: 'Zoe\u0308' });
  assert.equal(personOf(answer).nick, 'Zo\u00eb');
});

test('NAME-6 B10 whoever takes a nickname that is free again is another person and inherits nothing', async (t) => {
  const server = await startTestServer(t);
  const first = await comeIn(t, server.port('tcp'), 'Ada');
  const said = await first.ok({ type: 'send', room: 'lobby', text: 'mine', key: 'k' });
  first.close();
  await first.closed;
  const second = await comeIn(t, server.port('tcp'), 'Ada');
  assert.notEqual(second.id, first.id);
  const edit = await second.request({ type: 'edit', room: 'lobby', of: said['seq'], text: 'stolen' });
  assert.equal(edit['code'], 'forbidden');
  const again = await second.ok({ type: 'send', room: 'lobby', text: 'other', key: 'k' });
  assert.notEqual(again['seq'], said['seq']);
});

test('NAME-7 nick adds one entry to each room, with the old nickname in from', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  await ada.ok({ type: 'create', room: 'garden' });
  await ada.ok({ type: 'join', room: 'garden' });
  const answer = await ada.ok({ type: 'nick', nick: '小明' });
  assert.deepEqual(personOf(answer), { id: ada.id, nick: '小明' });
  await ada.roundTrip();
  const entries = ada.received.filter((m) => m.type === 'nick');
  assert.deepEqual(new Set(entries.map((m) => m['room'])), new Set(['garden', 'lobby']));
  for (const entry of entries)
    assert.deepEqual([entry['from'], entry['nick']], [{ id: ada.id, nick: 'Ada' }, '小明']);
  await ada.ok({ type: 'send', room: 'lobby', text: 'x' });
  const said = await ada.until('the entry', (m) => m.type === 'message');
  assert.deepEqual(said['from'], { id: ada.id, nick: '小明' });
  await comeIn(t, server.port('tcp'), 'Ada');
});
