import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, test, type TestContext } from 'node:test';
import { readFrame, wrapFrame } from './frames.ts';
import { connectPeer, type Peer, type Transport } from './peer.ts';
import { createSender } from './sender.ts';
import { cutTo, loadTexts } from './texts.ts';
import { createWitness, type Witness } from './witness.ts';

/** A connection of the generator and the raw socket at its other end. */
async function openPair(t: TestContext, transport: Transport): Promise<{ peer: Peer; other: Socket }> {
  const server = createServer({ noDelay: true });
  const accepted = new Promise<Socket>((resolve) => {
    server.once('connection', resolve);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const opening = connectPeer({ transport, host: '127.0.0.1', port }, () => {});
  const other = await accepted;
  if (transport === 'ws') {
    await new Promise((resolve) => other.once('data', resolve));
    other.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
  }
  const peer = await opening;
  t.after(async () => {
    await peer.close();
    server.close();
  });
  return { peer, other };
}

/** Settles when `done` holds after some chunk. */
function whenReceived(peer: Peer, done: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const before = peer.onChunk;
    peer.onChunk = () => {
      before?.();
      if (done()) resolve();
    };
  });
}

/** A frame as a server sends it. */
function serverFrame(payload: string): Buffer {
  const body = Buffer.from(payload);
  if (body.length < 126) return Buffer.concat([Buffer.from([0x81, body.length]), body]);
  return Buffer.concat([Buffer.from([0x81, 126, body.length >> 8, body.length & 255]), body]);
}

/** The payload of a masked frame. */
function unmask(data: Buffer): string {
  const at = (data[1] ?? 0) - 0x80 === 126 ? 4 : 2;
  return Buffer.from(data.subarray(at + 4).map((byte, i) => byte ^ (data[at + (i & 3)] ?? 0))).toString();
}

describe('the generator’s connection', () => {
  for (const transport of ['tcp', 'ws'] as const) {
    test(`messages come out whole however the network cuts them (${transport})`, async (t) => {
      const { peer, other } = await openPair(t, transport);
      const payloads = ['一', 'x'.repeat(125), 'x'.repeat(126), 'y'.repeat(3000), 'end'];
      const got: string[] = [];
      peer.onPayload = (buffer, start, end) => got.push(buffer.toString('utf8', start, end));
      const wire = Buffer.concat(
        payloads.map((one) => (transport === 'tcp' ? Buffer.from(`${one}\n`) : serverFrame(one))),
      );
      const received = whenReceived(peer, () => got.length >= payloads.length);
      for (let at = 0; at < wire.length; at += 7) {
        await new Promise<void>((resolve) => {
          other.write(wire.subarray(at, at + 7), () => setImmediate(resolve));
        });
      }
      await received;
      assert.deepEqual(got, payloads);
      assert.equal(peer.bytes, wire.length);
    });

    test(`each send carries its number in text and key (${transport})`, async (t) => {
      const { peer, other } = await openPair(t, transport);
      const sender = createSender(peer, {
        index: 7,
        room: 'lobby',
        texts: ['茶', 'tea'.repeat(50)],
        keys: true,
      });
      const chunks: Buffer[] = [];
      const [short, long] = ['茶', 'tea'.repeat(50)].map((text, i) =>
        JSON.stringify({
          type: 'send',
          id: 's',
          room: 'lobby',
          text: `07:0000001${i} ${text}`,
          key: `07-0000001${i}`,
        }),
      );
      sender.send(10);
      const expected =
        transport === 'tcp'
          ? Buffer.from(`${short}\n${long}\n`)
          : Buffer.concat([wrapFrame(short ?? ''), wrapFrame(long ?? '')]);
      const total = expected.length * 6;
      const received = new Promise<void>((resolve) => {
        let size = 0;
        other.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          size += chunk.length;
          if (size === total) resolve();
        });
      });
      sender.send(2);
      await received;
      assert.deepEqual(Buffer.concat(chunks).subarray(-expected.length), expected);
      assert.equal(sender.sent, 12);
    });
  }

  test('without a handler every byte is counted', async (t) => {
    const { peer, other } = await openPair(t, 'tcp');
    peer.onPayload = null;
    const received = whenReceived(peer, () => peer.bytes >= 3_000_000);
    other.write(Buffer.alloc(3_000_000));
    await received;
    assert.equal(peer.bytes, 3_000_000);
  });

  test('a handler that takes itself away in the middle of a chunk leaves the rest to be counted', async (t) => {
    const { peer, other } = await openPair(t, 'tcp');
    peer.onPayload = () => {
      peer.onPayload = null;
      peer.bytes = 0;
    };
    const received = whenReceived(peer, () => peer.bytes > 0);
    other.write('fence\n12345');
    await received;
    assert.equal(peer.bytes, 5);
  });

  test('a masked frame is what a server can read', () => {
    for (const payload of ['茶', 'x'.repeat(125), 'x'.repeat(126)])
      assert.equal(unmask(wrapFrame(payload)), payload);
    assert.throws(() => readFrame(wrapFrame('masked'), 0), /masked/);
  });
});

describe('the witness', () => {
  const line = (seq: number, tag: string): string => `{"type":"message","seq":${seq},"text":"${tag} tea"}\n`;
  const first = line(5, '00:00000000');

  async function watch(t: TestContext, lines: string): Promise<Witness> {
    const { peer, other } = await openPair(t, 'tcp');
    const witness = createWitness(peer, 4, true);
    let seen = 0;
    const received = new Promise<void>((resolve) => {
      witness.onProgress = () => {
        seen = peer.bytes;
        if (seen === Buffer.byteLength(lines)) resolve();
      };
    });
    other.write(lines);
    await received;
    return witness;
  }

  test('is content with every message once and in order, and counts what is no answer', async (t) => {
    const second = line(6, '01:00000000');
    const witness = await watch(t, `${first}{"type":"ok","id":"s"}\n${second}`);
    assert.equal(witness.fault, null);
    assert.equal(witness.messages, 2);
    assert.deepEqual(witness.ends, [first.length, first.length + second.length]);
  });

  const faults = {
    'a seq that is missing': line(7, '00:00000001'),
    'an entry that comes twice': first,
    'a message of a sender that is missing': line(6, '00:00000002'),
    'a message that comes twice under another seq': line(6, '00:00000000'),
    'an error': '{"type":"error","code":"slow_consumer"}\n',
  };
  for (const [what, second] of Object.entries(faults)) {
    test(`tells ${what}`, async (t) => {
      assert.notEqual((await watch(t, first + second)).fault, null);
    });
  }
});

describe('texts', () => {
  test('are cut to the byte, at a character’s edge', () => {
    assert.equal(cutTo('茶a茶', 5), '茶a.');
    assert.equal(cutTo('茶', 5), '茶..');
    for (const text of loadTexts().cut(88)) assert.equal(Buffer.byteLength(text), 88);
  });
});
