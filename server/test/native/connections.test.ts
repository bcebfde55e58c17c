import assert from 'node:assert/strict';
import { test } from 'node:test';

import { WebSocket } from 'ws';

import { comeIn, connectNative, startTestServer, temporaryFolder, withPatience } from '../harness.ts';

test('CONN-1 LIMIT-1 the first line is hello, with server, protocol, log, ways to log in and limits', async (t) => {
  const server = await startTestServer(t);
  const client = await connectNative(t, server.port('tcp'));
  const hello = await client.until('hello', () => true);
  assert.equal(hello.type, 'hello');
  assert.match(String(hello['server']), /^Teahouse \d/);
  assert.equal(hello['protocol'], 1);
  assert.match(String(hello['log']), /./);
  assert.deepEqual(hello['login'], ['guest', 'session']);
  assert.equal((hello['limits'] as Record<string, number>)['text'], 16_384);
});

test('CONN-2 F3 before login a connection has 8 requests; the ninth gets limit_reached and closes it', async (t) => {
  const server = await startTestServer(t);
  const client = await connectNative(t, server.port('tcp'));
  for (let count = 0; count < 20; count += 1) client.send({ type: 'ping', id: `p${count}` });
  await client.closed;
  assert.equal(client.received.filter((m) => m.type === 'ok').length, 8);
  assert.equal(client.received.at(-1)?.['code'], 'limit_reached');
});

test('CONN-2 a line that is not even UTF-8 counts as a request too', async (t) => {
  const server = await startTestServer(t);
  const client = await connectNative(t, server.port('tcp'));
  client.socket.write(Buffer.from(Array.from({ length: 20 }, () => [0xff, 0x0a]).flat()));
  await client.closed;
  const codes = client.received.slice(1).map((m) => m['code']);
  assert.deepEqual(codes, [...Array.from({ length: 8 }, () => 'bad_request'), 'limit_reached']);
});

test('CONN-3 before login a connection has 64 KiB; more closes it', async (t) => {
  const server = await startTestServer(t);
  const client = await connectNative(t, server.port('tcp'));
  const line = '{"type":"ping"}'.padEnd(16_383, ' ');
  for (let count = 0; count < 5; count += 1) client.send(line);
  await client.closed;
  assert.equal(client.received.at(-1)?.['code'], 'limit_reached');
});

test('CONN-4 F1 a connection that sends a byte now and then and never logs in is closed with login_timeout', async (t) => {
  const server = await startTestServer(t, { config: { limits: { loginTimeoutSeconds: 1 } } });
  const client = await connectNative(t, server.port('tcp'));
  const drip = setInterval(() => client.socket.write(' '), 40);
  t.after(() => clearInterval(drip));
  await withPatience('the close', client.closed);
  assert.equal(client.received.at(-1)?.['code'], 'login_timeout');
});

test('CONN-4 a connection that says nothing is closed when the time to log in is over', async (t) => {
  const server = await startTestServer(t, { config: { limits: { connectTimeoutSeconds: 1 } } });
  const client = await connectNative(t, server.port('tcp'));
  await withPatience('the close', client.closed);
  assert.equal(client.received.at(-1)?.['code'], 'login_timeout');
});

test('CONN-5 silence never ends a logged-in TCP connection: the times before login no longer count', async (t) => {
  const server = await startTestServer(t, {
    config: { limits: { connectTimeoutSeconds: 1, loginTimeoutSeconds: 1 } },
  });
  const silent = await comeIn(t, server.port('tcp'), 'Silent');
  // Both times have passed for certain once a later connection has been closed by them.
  const late = await connectNative(t, server.port('tcp'));
  late.socket.write(' ');
  await withPatience('the other close', late.closed);
  await silent.roundTrip();
});

test('CONN-6 a WebSocket is pinged, and closed when nothing comes back', async (t) => {
  const server = await startTestServer(t, {
    listen: ['http://127.0.0.1:0'],
    config: { limits: { pingSeconds: 0.3 } },
  });
  const open = (autoPong: boolean) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port('http')}/ws`, { autoPong });
    t.after(() => socket.terminate());
    return socket;
  };
  const alive = open(true);
  const dead = open(false);
  const pings = new Promise<void>((resolve) => {
    let count = 0;
    alive.on('ping', () => {
      count += 1;
      if (count === 3) resolve();
    });
  });
  await withPatience('the close', new Promise((resolve) => dead.once('close', resolve)));
  await withPatience('three pings', pings);
  assert.equal(alive.readyState, WebSocket.OPEN);
});

test('CONN-7 a server that stops answers what it was given, says server_stopping and closes', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  const bob = await comeIn(t, server.port('tcp'), 'Bob');
  for (let count = 0; count < 50; count += 1)
    ada.send({ type: 'send', id: `s${count}`, room: 'lobby', text: `${count}` });
  await ada.until('the first answer', (m) => m['id'] === 's0');
  await withPatience('the stop', server.stop(), 5_000);
  await Promise.all([ada.closed, bob.closed]);
  for (const client of [ada, bob]) assert.equal(client.received.at(-1)?.['code'], 'server_stopping');
  const answers = ada.received.filter((m) => String(m['id']).startsWith('s'));
  const stored = answers.filter((m) => m.type === 'ok').length;
  assert.ok(answers.every((m) => m.type === 'ok' || m['code'] === 'server_stopping'));
  assert.equal(bob.received.filter((m) => m.type === 'message').length, stored);
});

test('CONN-8 PRES-3 JOIN-7 two connections of one person both get the entries, and the person enters and leaves once', async (t) => {
  const server = await startTestServer(t);
  const watcher = await comeIn(t, server.port('tcp'), 'Watcher');
  const first = await comeIn(t, server.port('tcp'), 'Ada');
  const second = await connectNative(t, server.port('tcp'));
  await second.ok({ type: 'login', session: first.session });
  await second.ok({ type: 'join', room: 'lobby' });
  await watcher.ok({ type: 'send', room: 'lobby', text: 'to both' });
  await first.until('the entry', (m) => m['text'] === 'to both');
  await second.until('the entry', (m) => m['text'] === 'to both');
  first.close();
  await first.closed;
  await second.roundTrip();
  await second.ok({ type: 'send', room: 'lobby', text: 'still here' });
  second.close();
  await watcher.until('the leave', (m) => m.type === 'leave');
  const ofAda = watcher.received
    .filter((m) => (m['from'] as { nick?: string } | undefined)?.nick === 'Ada')
    .map((m) => m.type);
  assert.deepEqual(ofAda, ['enter', 'message', 'leave']);
});

test('CONN-9 without hold a person leaves at once when the last connection closes, and the nickname is free', async (t) => {
  const server = await startTestServer(t);
  const watcher = await comeIn(t, server.port('tcp'), 'Watcher');
  const bell = await comeIn(t, server.port('tcp'), 'bell');
  bell.close();
  await watcher.until('the leave', (m) => m.type === 'leave');
  await comeIn(t, server.port('tcp'), 'bell');
});

test('CONN-9 what a client asked for before it closed its half is answered, and shown, before the connection ends', async (t) => {
  const server = await startTestServer(t);
  const client = await connectNative(t, server.port('tcp'));
  client.send({ type: 'login', id: '1', nick: 'bell' });
  client.send({ type: 'join', id: '2', room: 'lobby' });
  client.send({ type: 'send', id: '3', room: 'lobby', text: '下课了' });
  client.close();
  await withPatience('the close', client.closed);
  assert.deepEqual(
    client.received.filter((m) => m.type === 'ok').map((m) => m['id']),
    ['1', '2', '3'],
  );
  assert.equal(
    client.received.some((m) => m.type === 'message' && m['text'] === '下课了'),
    true,
  );
});

test('CONN-10 with hold the person stays, and the nickname theirs, until the time is over', async (t) => {
  const server = await startTestServer(t, { config: { limits: { holdSeconds: 1 } } });
  const watcher = await comeIn(t, server.port('tcp'), 'Watcher');
  const ada = await comeIn(t, server.port('tcp'), 'Ada', { hold: true });
  ada.socket.destroy();
  await ada.closed;
  const other = await connectNative(t, server.port('tcp'));
  assert.equal((await other.request({ type: 'login', nick: 'Ada' }))['code'], 'nick_taken');
  const back = await connectNative(t, server.port('tcp'));
  await back.ok({ type: 'login', session: ada.session, hold: true });
  await back.ok({ type: 'join', room: 'lobby' });
  assert.deepEqual(
    watcher.received.filter((m) => m.type === 'leave'),
    [],
  );
  back.socket.destroy();
  await watcher.until('the leave when the time is over', (m) => m.type === 'leave');
  await other.ok({ type: 'login', nick: 'Ada' });
});

test('CONN-11 after a restart who held stays for the time of hold, and who did not has left', async (t) => {
  const folder = await temporaryFolder(t);
  const first = await startTestServer(t, { folder });
  const held = await comeIn(t, first.port('tcp'), 'Held', { hold: true });
  const bare = await comeIn(t, first.port('tcp'), 'Bare');
  await first.stop();
  await Promise.all([held.closed, bare.closed]);
  const second = await startTestServer(t, { folder, config: { limits: { holdSeconds: 1 } } });
  const watcher = await comeIn(t, second.port('tcp'), 'Watcher', { since: 0 });
  await watcher.until(
    'who did not hold has left',
    (m) => m.type === 'leave' && (m['from'] as { nick: string }).nick === 'Bare',
  );
  const thief = await connectNative(t, second.port('tcp'));
  assert.equal((await thief.request({ type: 'login', nick: 'Held' }))['code'], 'nick_taken');
  await watcher.until(
    'the leave when the time is over',
    (m) => m.type === 'leave' && (m['from'] as { nick: string }).nick === 'Held',
  );
  await thief.ok({ type: 'login', nick: 'Held' });
});

test('A6 what a program says of its own address in a header is not believed: /ws counts by the real one', async (t) => {
  const server = await startTestServer(t, {
    listen: ['http://127.0.0.1:0'],
    rateLimits: true,
    config: { rates: { connectionsPerAddress: 1, privateFactor: 2 } },
  });
  const sockets = [1, 2, 3].map(
    (count) =>
      new WebSocket(`ws://127.0.0.1:${server.port('http')}/ws`, {
        headers: { 'x-forwarded-for': `203.0.113.${count}` },
      }),
  );
  t.after(() => sockets.forEach((socket) => socket.terminate()));
  const outcomes = await Promise.all(
    sockets.map(
      (socket) =>
        new Promise<string>((resolve) => {
          socket.once('open', () => resolve('open'));
          socket.once('error', () => resolve('refused'));
        }),
    ),
  );
  assert.deepEqual(outcomes.sort(), ['open', 'open', 'refused']);
});
