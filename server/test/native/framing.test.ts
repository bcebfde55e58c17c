import assert from 'node:assert/strict';
import { test } from 'node:test';

import { WebSocket } from 'ws';

import { comeIn, connectNative, startTestServer, withPatience, type Message } from '../harness.ts';

test('FRAME-1 a message is one object on a line, ended by LF or CRLF, however the bytes are cut', async (t) => {
  const server = await startTestServer(t);
  const client = await connectNative(t, server.port('tcp'));
  client.socket.write('{"type":"ping","id":"a"}\r\n{"type":"pi');
  await client.until('the first answer', (m) => m['id'] === 'a');
  client.socket.write('ng","id":"b"}\n{"type":"login","id":"c","nick":"小');
  await client.until('the second answer', (m) => m['id'] === 'b');
  client.socket.write(Buffer.concat([Buffer.from('明')]).subarray(0, 2));
  await new Promise((resolve) => setImmediate(resolve));
  client.socket.write(Buffer.concat([Buffer.from('明').subarray(2), Buffer.from('"}\n')]));
  const answer = await client.until('the login', (m) => m['id'] === 'c');
  assert.deepEqual((answer['person'] as { nick: string }).nick, '小明');
});

test('FRAME-2 a message is one object in a text frame on WebSocket, and a person on it is in the same room', async (t) => {
  const server = await startTestServer(t, { listen: ['tcp://127.0.0.1:0', 'http://127.0.0.1:0'] });
  const socket = new WebSocket(`ws://127.0.0.1:${server.port('http')}/ws`);
  t.after(() => socket.terminate());
  const messages: Message[] = [];
  const seen = (what: string, fits: (message: Message) => boolean) =>
    withPatience(
      what,
      new Promise<Message>((resolve) => {
        const check = (): void => {
          const found = messages.find(fits);
          if (found !== undefined) resolve(found);
        };
        socket.on('message', check);
        check();
      }),
    );
  socket.on('message', (data: Buffer, isBinary) => {
    assert.equal(isBinary, false);
    messages.push(JSON.parse(data.toString('utf8')) as Message);
  });
  await seen('hello', (m) => m.type === 'hello');
  socket.send('{"type":"login","id":"1","nick":"Web"}');
  socket.send('{"type":"join","id":"2","room":"lobby"}');
  await seen('the join', (m) => m['id'] === '2');
  const other = await comeIn(t, server.port('tcp'), 'Line');
  await other.ok({ type: 'send', room: 'lobby', text: 'from a line 你好' });
  await seen('the message', (m) => m.type === 'message' && m['text'] === 'from a line 你好');
  socket.send('{"type":"send","id":"3","room":"lobby","text":"from a frame"}');
  await other.until('the message', (m) => m['text'] === 'from a frame');
  socket.send(Buffer.from('{"type":"ping","id":"4"}'), { binary: true });
  await seen('the error', (m) => m.type === 'error' && m['code'] === 'bad_request');
});

test('FRAME-3 a line that is not one JSON object gets bad_request, however it is broken, and the connection stays open', async (t) => {
  const server = await startTestServer(t, { config: { limits: { requestsBeforeLogin: 100 } } });
  const client = await comeIn(t, server.port('tcp'), 'Ada');
  const broken = [
    'hello',
    '{"type":"ping"',
    '{"type":"ping"}}',
    '[]',
    'null',
    '12',
    '"ping"',
    '{"type":1}',
    '{}',
    '\u0000',
    '['.repeat(60_000),
    `${'{"a":'.repeat(10_000)}1`,
  ];
  for (const line of broken) {
    const before = client.received.length;
    client.send(line);
    await client.until(
      `an error for ${line.slice(0, 20)}`,
      (m) => client.received.indexOf(m) >= before && m.type === 'error',
    );
    assert.equal(client.received.at(-1)?.['code'] ?? '', 'bad_request', line.slice(0, 40));
  }
  await client.roundTrip();
});

test('FRAME-3 F7 a line nested 10,000 deep is answered, and what the schema does not name in it is ignored', async (t) => {
  const server = await startTestServer(t);
  const client = await connectNative(t, server.port('tcp'));
  client.send(`{"type":"ping","id":"deep","x":${'['.repeat(10_000)}${']'.repeat(10_000)}}`);
  assert.equal((await client.until('the answer', (m) => m['id'] === 'deep')).type, 'ok');
});

test('FRAME-4 F2 a line past 64 KiB gets too_long and the connection closes; one of 64 KiB is read', async (t) => {
  const server = await startTestServer(t);
  const client = await comeIn(t, server.port('tcp'), 'Ada');
  const exact = '{"type":"ping","id":"fits"'.padEnd(65_535, ' ') + '}';
  client.send(exact);
  await client.until('the answer', (m) => m['id'] === 'fits');
  client.send(`${exact} `);
  await client.closed;
  assert.equal(client.received.at(-1)?.['code'], 'too_long');
  assert.match(String(client.received.at(-1)?.['message']), /65536/);
});

test('F2 64 KiB without a line end get too_long and the connection closes', async (t) => {
  const server = await startTestServer(t);
  const client = await comeIn(t, server.port('tcp'), 'Ada');
  client.socket.write('x'.repeat(65_538));
  await client.closed;
  assert.equal(client.received.at(-1)?.['code'], 'too_long');
});

test('FRAME-5 C7 invalid UTF-8 gets bad_request, is not repaired and not stored', async (t) => {
  const server = await startTestServer(t);
  const client = await comeIn(t, server.port('tcp'), 'Ada');
  for (const bytes of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xe4, 0xbd]]) {
    const line = Buffer.concat([
      Buffer.from('{"type":"send","room":"lobby","text":"'),
      Buffer.from(bytes),
      Buffer.from('"}\n'),
    ]);
    const before = client.received.length;
    client.socket.write(line);
    await client.until(
      'the error',
      (m) => client.received.indexOf(m) >= before && m['code'] === 'bad_request',
    );
  }
  const page = await client.ok({ type: 'history', room: 'lobby', kinds: ['message'] });
  assert.deepEqual(page['entries'], []);
});

test('FRAME-6 what the server sends is compact JSON with a type, one object to a line', async (t) => {
  const server = await startTestServer(t);
  const client = await comeIn(t, server.port('tcp'), '小明');
  await client.ok({ type: 'send', room: 'lobby', text: 'a "quoted"\nline — 你好 \u2028 🍵' });
  await client.until('the entry', (m) => m.type === 'message');
  for (const line of client.lines) {
    assert.equal(JSON.stringify(JSON.parse(line)), line);
    assert.equal(typeof (JSON.parse(line) as Message).type, 'string');
  }
});

test('FRAME-7 fields that the schema does not name are ignored and reach nobody', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  ada.send(
    '{"type":"send","id":"x","room":"lobby","text":"hi","color":"red","__proto__":{"key":"evil"},"from":{"id":"p0"},"seq":99}',
  );
  const entry = await ada.until('the entry', (m) => m.type === 'message');
  assert.deepEqual(Object.keys(entry), ['type', 'room', 'seq', 'time', 'from', 'text']);
  assert.notEqual((entry['from'] as { id: string }).id, 'p0');
});

test("FRAME-8 an answer carries its request's id, and a request without one gets no ok", async (t) => {
  const server = await startTestServer(t);
  const client = await connectNative(t, server.port('tcp'));
  client.send({ type: 'login', nick: 'Quiet' });
  client.send({ type: 'join', room: 'lobby' });
  client.send({ type: 'ping', id: '茶' });
  await client.until('the pong', (m) => m['id'] === '茶');
  assert.deepEqual(
    client.received.filter((m) => m.type === 'ok').map((m) => m['id']),
    ['茶'],
  );
});

test('FRAME-9 an HTTP request on the native listener is closed at once, without a word of ours', async (t) => {
  const server = await startTestServer(t);
  for (const method of ['GET / HTTP/1.1', 'POST /ws HTTP/1.1', 'OPTIONS * HTTP/1.1']) {
    const client = await connectNative(t, server.port('tcp'));
    client.socket.write(`${method}\r\nHost: x\r\n\r\n`);
    await withPatience('the close', client.closed);
    assert.deepEqual(
      client.received.map((m) => m.type).filter((type) => type !== 'hello'),
      [],
    );
  }
});
