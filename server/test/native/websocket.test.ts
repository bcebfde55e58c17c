import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';

import { comeIn, startTestServer, withPatience } from '../harness.ts';

/** A WebSocket spoken by hand, to send what no library would. */
interface RawSocket {
  readonly socket: Socket;
  /** Frames received: opcode and payload. */
  readonly frames: { readonly opcode: number; readonly payload: Buffer }[];
  readonly closed: Promise<void>;
  until(what: string, fits: (frame: { opcode: number; payload: Buffer }) => boolean): Promise<Buffer>;
  frame(first: number, payload: Buffer): void;
}

const TEXT = 1;
const CLOSE = 8;
const PONG = 10;

async function openRaw(t: TestContext, port: number): Promise<RawSocket> {
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.on('error', () => socket.destroy());
  const frames: RawSocket['frames'] = [];
  const checks = new Set<() => void>();
  let rest = Buffer.alloc(0);
  let upgraded = false;
  const parse = (): void => {
    if (!upgraded) {
      const end = rest.indexOf('\r\n\r\n');
      if (end < 0) return;
      assert.match(rest.subarray(0, end).toString(), /^HTTP\/1\.1 101 /);
      upgraded = true;
      rest = rest.subarray(end + 4);
    }
    while (rest.length >= 2) {
      const short = (rest[1] ?? 0) & 127;
      const header = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (rest.length < header) return;
      const length =
        short < 126 ? short : short === 126 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2));
      if (rest.length < header + length) return;
      assert.equal((rest[0] ?? 0) & 0xf0, 0x80, 'whole frames without reserved bits');
      frames.push({ opcode: (rest[0] ?? 0) & 15, payload: rest.subarray(header, header + length) });
      rest = rest.subarray(header + length);
    }
  };
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    parse();
    for (const check of checks) check();
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.write(
    `GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
  );
  const raw: RawSocket = {
    socket,
    frames,
    closed,
    until(what, fits) {
      const { promise, resolve } = Promise.withResolvers<Buffer>();
      const check = (): void => {
        const found = frames.find(fits);
        if (found !== undefined) resolve(found.payload);
      };
      checks.add(check);
      check();
      return withPatience(what, promise);
    },
    frame(first, payload) {
      const length = payload.length;
      const header =
        length < 126
          ? Buffer.from([first, 128 | length])
          : length < 65_536
            ? Buffer.from([first, 254, length >> 8, length & 255])
            : Buffer.alloc(10);
      if (length >= 65_536) {
        header[0] = first;
        header[1] = 255;
        header.writeBigUInt64BE(BigInt(length), 2);
      }
      const mask = Buffer.from([1, 2, 3, 4]);
      const masked = Buffer.from(payload.map((byte, index) => byte ^ (mask[index & 3] ?? 0)));
      socket.write(Buffer.concat([header, mask, masked]));
    },
  };
  await raw.until('hello', (frame) => frame.opcode === TEXT);
  return raw;
}

const closeCode = (payload: Buffer): number => payload.readUInt16BE(0);

test('F4 reserved bits, too many fragments, too long messages, bad UTF-8 and unmasked frames close with their code', async (t) => {
  const server = await startTestServer(t, { listen: ['tcp://127.0.0.1:0', 'http://127.0.0.1:0'] });
  const witness = await comeIn(t, server.port('tcp'), 'Witness');
  const attacks: readonly [string, number, (raw: RawSocket) => void][] = [
    ['a compressed frame', 1002, (raw) => raw.frame(0xc1, Buffer.from('{}'))],
    ['reserved bits', 1002, (raw) => raw.frame(0xb1, Buffer.from('{}'))],
    ['an unknown opcode', 1002, (raw) => raw.frame(0x83, Buffer.from('{}'))],
    ['an unmasked frame', 1002, (raw) => raw.socket.write(Buffer.from([0x81, 2, 0x7b, 0x7d]))],
    ['a long ping', 1002, (raw) => raw.frame(0x89, Buffer.alloc(126))],
    ['64 KiB and one byte', 1009, (raw) => raw.frame(0x81, Buffer.alloc(65_537, 0x20))],
    [
      'a length of 2^62',
      1009,
      (raw) => raw.socket.write(Buffer.from([0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4])),
    ],
    ['bad UTF-8', 1007, (raw) => raw.frame(0x81, Buffer.from([0xff, 0xfe]))],
    [
      '131,000 fragments',
      1008,
      (raw) => {
        raw.frame(0x01, Buffer.from('{'));
        for (let count = 0; count < 100; count += 1) raw.frame(0x00, Buffer.from(' '));
      },
    ],
  ];
  for (const [what, code, attack] of attacks) {
    const raw = await openRaw(t, server.port('http'));
    attack(raw);
    assert.equal(
      closeCode(await raw.until(`the close after ${what}`, (frame) => frame.opcode === CLOSE)),
      code,
      what,
    );
    await withPatience(`the end after ${what}`, raw.closed);
  }
  await witness.roundTrip();
});

test('F1 a WebSocket that says nothing has the time to log in from its upgrade on', async (t) => {
  const server = await startTestServer(t, {
    listen: ['http://127.0.0.1:0'],
    config: { limits: { loginTimeoutSeconds: 1 } },
  });
  const raw = await openRaw(t, server.port('http'));
  await raw.until('login_timeout', (frame) => frame.payload.includes('login_timeout'));
});

test('F4 pongs and closes land between whole frames while a room speaks', async (t) => {
  const server = await startTestServer(t, { listen: ['tcp://127.0.0.1:0', 'http://127.0.0.1:0'] });
  const writer = await comeIn(t, server.port('tcp'), 'Writer');
  const raw = await openRaw(t, server.port('http'));
  raw.frame(0x81, Buffer.from('{"type":"login","id":"1","nick":"Reader"}'));
  raw.frame(0x81, Buffer.from('{"type":"join","id":"2","room":"lobby"}'));
  await raw.until('the join', (frame) => frame.payload.includes('"id":"2"'));
  let sends = [];
  for (let count = 0; count < 500; count += 1) {
    sends.push(writer.ok({ type: 'send', room: 'lobby', text: `${count} ${'茶'.repeat(count % 60)}` }));
    if (count % 5 === 0) raw.frame(0x89, Buffer.from(`ping ${count}`));
    // The library ends a connection that pings faster than its pongs get away.
    if (count % 50 === 49) {
      await Promise.all(sends);
      sends = [];
    }
  }
  await raw.until('the last entry', (frame) => frame.payload.includes('"text":"499 '));
  await raw.until(
    'the last pong',
    (frame) => frame.opcode === PONG && frame.payload.toString() === 'ping 495',
  );
  const texts = raw.frames
    .filter((frame) => frame.opcode === TEXT)
    .map((frame) => JSON.parse(frame.payload.toString('utf8')) as { seq?: number });
  const seqs = texts.flatMap((message) => (message.seq === undefined ? [] : [message.seq]));
  assert.deepEqual(
    seqs,
    seqs.map((_, index) => (seqs[0] ?? 0) + index),
  );
  raw.frame(0x88, Buffer.from([0x03, 0xe8]));
  assert.equal(closeCode(await raw.until('the close', (frame) => frame.opcode === CLOSE)), 1000);
});

test('CONN-7 a WebSocket gets server_stopping and a proper close', async (t) => {
  const server = await startTestServer(t, { listen: ['http://127.0.0.1:0'] });
  const raw = await openRaw(t, server.port('http'));
  const stopped = server.stop();
  await raw.until('the last word', (frame) => frame.payload.includes('server_stopping'));
  assert.equal(closeCode(await raw.until('the close', (frame) => frame.opcode === CLOSE)), 1000);
  raw.frame(0x88, Buffer.from([0x03, 0xe8]));
  await withPatience('the end', raw.closed);
  await stopped;
});
