/**
 * Holds the front end login-byte to its contract, over real sockets. The
 * client here is as fragile as the original: one read of at most 1,024 bytes
 * is one message, decoded on the spot; a cut character, or a read without
 * `name\n`, is a failure.
 */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, test, type TestContext } from 'node:test';
import { openPeer } from './classic-peer.ts';
import { comeIn, startTestServer, withPatience, type TestServer } from './harness.ts';

const RECV = 1_024;

interface Heard {
  readonly name: string;
  readonly text: string;
  readonly bytes: number;
  /** When it was read, in ms. */
  readonly at: number;
}

interface Original {
  /** What the button and the Enter key send. */
  button(text: string): void;
  enterKey(text: string): void;
  send(bytes: string | Uint8Array): void;
  /** Begins to read, as when the person has clicked the dialog away. */
  click(): void;
  /** The next message, read by one recv. */
  next(): Promise<Heard>;
  /** As `next`, and the first that fits. */
  until(text: string): Promise<Heard>;
  readonly heard: readonly Heard[];
  /** Settles at the end of the connection. */
  readonly ended: Promise<void>;
  close(): void;
  reset(): void;
}

type Options = Parameters<typeof startTestServer>[1];

function start(t: TestContext, options: Options = {}): Promise<TestServer> {
  return startTestServer(t, { listen: ['tcp://127.0.0.1:0', 'login-byte://127.0.0.1:0'], ...options });
}

/** One recv: what has come, at most 1,024 bytes of it. */
function readMessage(bytes: Buffer): Heard {
  const whole = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const end = whole.indexOf('\n');
  assert.ok(end > 0, `a recv without name: ${JSON.stringify(whole)}`);
  return {
    name: whole.slice(0, end),
    text: whole.slice(end + 1),
    bytes: bytes.length,
    at: performance.now(),
  };
}

/** Connects, sends a name and reads the one byte; then the dialog stands there until it is clicked away. */
async function logIn(
  t: TestContext,
  server: TestServer,
  name: string,
  from = '127.0.0.1',
): Promise<{ answer: string; client: Original }> {
  const socket = connect({ host: '127.0.0.1', port: server.port('login-byte'), localAddress: from });
  socket.setNoDelay(true);
  t.after(() => socket.destroy());
  socket.on('error', () => socket.destroy());
  const heard: Heard[] = [];
  const queue: Heard[] = [];
  const waiting: ((look: Heard | Error) => void)[] = [];
  let reading = false;
  let failed: Error | null = null;

  const recv = (): void => {
    while (reading && failed === null && socket.readableLength > 0) {
      const bytes = socket.read(Math.min(RECV, socket.readableLength)) as Buffer;
      try {
        const message = readMessage(bytes);
        heard.push(message);
        const waiter = waiting.shift();
        if (waiter === undefined) queue.push(message);
        else waiter(message);
      } catch (error) {
        failed = error as Error;
        for (const waiter of waiting.splice(0)) waiter(failed);
      }
    }
  };
  const ended = new Promise<void>((resolve) => {
    socket.once('end', resolve);
    socket.once('close', () => resolve());
  });
  const first = new Promise<string>((resolve) => {
    const readByte = (): void => {
      const bytes = socket.read() as Buffer | null;
      if (bytes === null) return;
      socket.off('readable', readByte);
      socket.on('readable', recv);
      resolve(bytes.toString('latin1'));
    };
    socket.on('readable', readByte);
  });
  socket.write(name);
  const answer = await withPatience(`the answer to ${name}`, first);
  const next = async (): Promise<Heard> => {
    const here = queue.shift();
    if (here !== undefined) return here;
    if (failed !== null) throw failed;
    const come = await withPatience(
      'a message',
      new Promise<Heard | Error>((resolve) => waiting.push(resolve)),
    );
    if (come instanceof Error) throw come;
    return come;
  };
  const client: Original = {
    send: (bytes) => void socket.write(bytes),
    button: (text) => void socket.write(`${text}\n`),
    enterKey: (text) => void socket.write(`${text}\n\n`),
    click() {
      reading = true;
      recv();
    },
    next,
    async until(text) {
      for (;;) {
        const message = await next();
        if (message.text.trimEnd() === text) return message;
      }
    },
    heard,
    ended,
    close: () => void socket.end(),
    reset: () => void socket.resetAndDestroy(),
  };
  return { answer, client };
}

/** Logs in, clicks the dialog away and says the first word, so that nothing is padded any more. */
async function enter(t: TestContext, server: TestServer, name: string, from?: string): Promise<Original> {
  const { answer, client } = await logIn(t, server, name, from);
  assert.equal(answer, 'Y');
  client.click();
  client.enterKey('here');
  return client;
}

const said =
  (text: string) =>
  (each: Record<string, unknown>): boolean =>
    each['type'] === 'message' && each['text'] === text;
const textsOf = (messages: readonly Record<string, unknown>[]): unknown[] =>
  messages.filter((each) => each['type'] === 'message').map((each) => each['text']);

describe('login-byte, coming in', () => {
  test('BYTE-1 BYTE-2 a name without a line end gets Y, and nothing but that byte', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const peer = await openPeer(t, server.port('login-byte'));
    peer.send('小明同学今天也在这里吗');
    assert.equal(await peer.until('Y'), 'Y');
    await bob.until('enter', (each) => each.type === 'enter' && each.seq === 2);
    await bob.ok({ type: 'send', room: 'lobby', text: 'hi' });
    assert.match(await peer.until('Bob\nhi'), /^Bob\nhi$/);
  });

  test('BYTE-1 a name in two pieces of one send, or typed with a line end, is a name', async (t) => {
    const server = await start(t);
    const peer = await openPeer(t, server.port('login-byte'));
    const bytes = Buffer.from('小明');
    peer.send(bytes.subarray(0, 2));
    peer.send(bytes.subarray(2));
    await peer.until('Y');
    const { answer } = await logIn(t, server, 'Ada\r\n');
    assert.equal(answer, 'Y');
    const bob = await comeIn(t, server.port('tcp'), 'Bob', { since: 0 });
    const who = bob.received.flatMap((each) =>
      each.type === 'enter' ? [(each['from'] as { nick: string }).nick] : [],
    );
    assert.deepEqual(who.slice(0, 2), ['小明', 'Ada']);
  });

  test('BYTE-2 C3 an empty or invalid name gets N, and nothing enters the room', async (t) => {
    const server = await start(t);
    for (const name of ['\n', 'A d', '*', '[!] 2026', 'Ada:x', 'Ada\nhello', 'server', 'x'.repeat(33)]) {
      const peer = await openPeer(t, server.port('login-byte'));
      peer.send(name);
      assert.equal(await peer.ended(), 'N', name);
    }
    const peer = await openPeer(t, server.port('login-byte'));
    peer.send(Buffer.from([0x41, 0xff]));
    assert.equal(await peer.ended(), 'N');
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    await bob.until('the first entry', (each) => each.type === 'enter' && each.seq === 1);
  });

  test('BYTE-2 a taken name gets R, and the connection that is left dangling is closed by the server', async (t) => {
    const server = await start(t);
    await comeIn(t, server.port('tcp'), 'Ada');
    const peer = await openPeer(t, server.port('login-byte'));
    peer.send('ADA');
    await peer.until('R');
    // It goes on with a new connection; the old one is never read, written nor closed by it.
    const { answer } = await logIn(t, server, 'Bob');
    assert.equal(answer, 'Y');
    peer.socket.allowHalfOpen = true;
    assert.equal(await peer.ended(), '');
    const isOver = (): boolean =>
      server.journal.some((event) => event.kind === 'disconnected' && event.reason === 'nick_taken');
    assert.ok(isOver());
  });

  test('BYTE-2 the answer is never read together with what is said at that moment', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    let more = true;
    const talking = (async () => {
      while (more) await bob.ok({ type: 'send', room: 'lobby', text: 'talk' });
    })();
    const peer = await openPeer(t, server.port('login-byte'));
    peer.send('Ada');
    await peer.until('Y');
    const answered = performance.now();
    await peer.until('talk');
    assert.ok(performance.now() - answered >= 90);
    more = false;
    await talking;
  });

  test('FRAME-9 a first line that is HTTP is closed at once, without a word', async (t) => {
    const server = await start(t);
    const peer = await openPeer(t, server.port('login-byte'));
    peer.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.equal(await peer.ended(), '');
  });

  test('F1 F2 who does not log in is closed: in time, and after 64 KiB', async (t) => {
    const server = await start(t, {
      config: { limits: { connectTimeoutSeconds: 1, loginTimeoutSeconds: 1 } },
    });
    const silent = await openPeer(t, server.port('login-byte'));
    const drip = await openPeer(t, server.port('login-byte'));
    const timer = setInterval(() => drip.send('*'), 20);
    t.after(() => clearInterval(timer));
    assert.equal(await silent.ended(), '');
    // Where the machine was busy for 50 ms, that was a name.
    assert.match(await drip.ended(), /^N?$/);
    const flood = await openPeer(t, server.port('login-byte'));
    flood.send('A'.repeat(70_000));
    assert.match(await flood.ended(), /^N?$/);
  });
});

describe('login-byte, saying something', () => {
  test('BYTE-3 what the button and the Enter key send is the text alone', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const { client } = await logIn(t, server, 'Ada');
    const say = async (bytes: string, text: string): Promise<void> => {
      client.send(bytes);
      await bob.until(text, said(text));
    };
    await say('by button\n', 'by button');
    await say('by Enter\n\n', 'by Enter');
    // Enter in an empty box leaves a line end in it, which the next text has before it.
    client.send('\n\n');
    await say('\nafter it\n\n', 'after it');
    await say('several\n\n lines\r\nin one\n', 'several\n\n lines\nin one');
    client.send('   ');
    await say('last', '   last');
    assert.equal(textsOf(bob.received).length, 5);
  });

  test('BYTE-3 bytes within 50 ms of each other are one message, whatever the pieces', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const { client } = await logIn(t, server, 'Ada');
    const bytes = Buffer.from('你好，世界\n第二行\n');
    for (const byte of bytes) client.send(Uint8Array.of(byte));
    await bob.until('the whole', said('你好，世界\n第二行'));
  });

  test('BYTE-3 a message ends after 2 s at most, between two characters', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const { client } = await logIn(t, server, 'Ada');
    const bytes = Buffer.from('好');
    let sent = 0;
    const began = performance.now();
    const timer = setInterval(() => {
      client.send(Uint8Array.of(bytes[sent % 3] ?? 0));
      sent += 1;
    }, 20);
    t.after(() => clearInterval(timer));
    const message = await bob.until('a message', (each) => each.type === 'message');
    const took = performance.now() - began;
    assert.ok(took > 1_900 && took < 3_500, `${took} ms`);
    assert.match(String(message['text']), /^好+$/);
    clearInterval(timer);
  });

  test('BYTE-3 what is longer than a message goes on in the next one, whole', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const { client } = await logIn(t, server, 'Ada');
    const text = `aa${'好'.repeat(10_000)}z`;
    client.send(text);
    await bob.until('its end', (each) => String(each['text']).endsWith('z'));
    assert.equal(textsOf(bob.received).join(''), text);
  });

  test('BYTE-5 the sender does not get their own back', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const ada = await enter(t, server, 'Ada');
    await bob.until('here', said('here'));
    ada.button('mine');
    await bob.until('mine', said('mine'));
    await bob.ok({ type: 'send', room: 'lobby', text: 'theirs' });
    await ada.until('theirs');
    assert.deepEqual(
      ada.heard.map((each) => each.name),
      ['Bob'],
    );
  });

  test('BYTE-6 past the rate the server reads more slowly, and nothing is dropped', async (t) => {
    const server = await start(t, {
      rateLimits: true,
      config: { rates: { sendPerPerson: { perSecond: 10, burst: 1 }, privateFactor: 100 } },
    });
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const { client } = await logIn(t, server, 'Ada');
    const lines = Array.from({ length: 8 }, (_, index) => `m${index}`);
    for (const line of lines) {
      client.button(line);
      // The next one is sent when the quiet after this one is over.
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await bob.until('the last', (each) => String(each['text']).endsWith('m7'));
    assert.deepEqual(textsOf(bob.received).join('\n').split('\n'), lines);
  });

  test('C7 what is not UTF-8, or not to be stored, gets a notice and is never repaired', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const ada = await enter(t, server, 'Ada');
    await bob.until('here', said('here'));
    for (const bytes of [
      [0x61, 0xff],
      [0xc0, 0x80],
      [0xed, 0xa0, 0x80],
      [0xe4, 0xbd],
    ]) {
      ada.send(Uint8Array.from(bytes));
      const { name, text } = await ada.next();
      assert.deepEqual([name, text], ['*', 'this was not valid UTF-8, and was not sent']);
    }
    ada.send('a\0b');
    assert.match((await ada.next()).text, /NUL/);
    ada.button('fine');
    await bob.until('fine', said('fine'));
    assert.deepEqual(textsOf(bob.received), ['here', 'fine']);
  });
});

describe('login-byte, hearing others', () => {
  test('BYTE-4 a message is one write, and two are at least 20 ms apart', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const ada = await enter(t, server, 'Ada');
    await bob.until('here', said('here'));
    const texts = Array.from({ length: 30 }, (_, index) => `m${index} 好`);
    await Promise.all(texts.map((text) => bob.ok({ type: 'send', room: 'lobby', text })));
    for (const text of texts) assert.deepEqual((await ada.next()).text, text);
    const times = ada.heard.map((each) => each.at);
    const took = (times.at(-1) ?? 0) - (times[0] ?? 0);
    assert.ok(took >= 20 * (texts.length - 1) - 5, `${took} ms`);
  });

  test('BYTE-4 a long text goes on in further messages, cut between graphemes', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const ada = await enter(t, server, 'Ada');
    await bob.until('here', said('here'));
    const graphemes = ['👩‍👩‍👧‍👦', 'é', '好', 'a', '🇨🇳', 'नि', '각'];
    const segmenter = new Intl.Segmenter();
    for (const unit of graphemes) {
      const text = `${unit.repeat(Math.floor(4_000 / Buffer.byteLength(unit)))}.`;
      await bob.ok({ type: 'send', room: 'lobby', text });
      let whole = '';
      while (!whole.endsWith('.')) {
        const piece = await ada.next();
        assert.equal(piece.name, 'Bob');
        assert.ok(piece.bytes <= RECV);
        const units = [...segmenter.segment(piece.text)].map(({ segment }) => segment);
        for (const each of units) assert.ok(each === unit || each === '.', JSON.stringify(each));
        whole += piece.text;
      }
      assert.equal(whole, text);
    }
  });

  test('BYTE-4 a grapheme that is too long for one message is cut between code points', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), '漢'.repeat(32));
    const ada = await enter(t, server, 'Ada');
    await bob.until('here', said('here'));
    const text = `before a${'\u0301'.repeat(2_000)} after.`;
    await bob.ok({ type: 'send', room: 'lobby', text });
    let whole = '';
    while (!whole.endsWith('.')) whole += (await ada.next()).text;
    assert.equal(whole, text);
  });

  test('BYTE-4 until the first message of its own, each message fills one recv, and none is spoilt by the dialog', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const { answer, client } = await logIn(t, server, 'Ada');
    assert.equal(answer, 'Y');
    await bob.until('Ada', (each) => each.type === 'enter' && each.seq === 2);
    const texts = Array.from({ length: 8 }, (_, index) => `${'早安好'.repeat(index * 60)}m${index}`);
    for (const text of texts) await bob.ok({ type: 'send', room: 'lobby', text });
    // Somebody who reads hears the last of them: by then the others lie in the socket.
    const witness = await openPeer(t, server.port('login-byte'));
    witness.send('Witness');
    await witness.until('Y');
    await bob.ok({ type: 'send', room: 'lobby', text: 'all said' });
    await witness.until(/Bob\nall said +$/);
    client.click();
    let whole = '';
    while (!whole.includes('m7')) {
      const piece = await client.next();
      assert.equal(piece.bytes, RECV);
      whole += piece.text.trimEnd();
    }
    assert.equal(whole, texts.join(''));
    await client.until('all said');
    client.enterKey('hello');
    await bob.until('hello', said('hello'));
    await bob.ok({ type: 'send', room: 'lobby', text: 'short' });
    const { bytes } = await client.until('short');
    assert.equal(bytes, 'Bob\nshort'.length, 'not padded after the first message');
  });

  test('BYTE-4 F10 who does not read has a bounded queue; what is skipped is said where it was, and others go on', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const ada = await enter(t, server, 'Ada');
    await bob.until('here', said('here'));
    const count = 1_000;
    for (let index = 0; index < count; index += 20)
      await Promise.all(
        Array.from({ length: 20 }, (_, offset) =>
          bob.request({ type: 'send', room: 'lobby', text: `m${index + offset}` }),
        ),
      );
    const skips: number[] = [];
    const numbers: number[] = [];
    let expected = 0;
    while (expected < count) {
      const { name, text } = await ada.next();
      if (name === '*') {
        const [, skipped = ''] = /^… (\d+) messages? skipped$/.exec(text) ?? [];
        skips.push(Number(skipped));
        expected += Number(skipped);
      } else {
        assert.equal(text, `m${expected}`);
        numbers.push(expected);
        expected += 1;
      }
    }
    assert.ok(skips.length > 0);
    assert.equal(numbers.length + skips.reduce((sum, each) => sum + each, 0), count);
  });

  test('BYTE-4 C5 controls become visible, and every kind of line end is one', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const ada = await enter(t, server, 'Ada');
    await bob.until('here', said('here'));
    await bob.ok({ type: 'send', room: 'lobby', text: 'a\x1b]0;x\x07b\rc\u2028d\u0085e\ttab' });
    assert.equal((await ada.next()).text, 'a\\x1b]0;x\\x07b\nc\nd\ne\ttab');
  });

  test('BYTE-6 entering, leaving, names, topics, edits and the end are told in words', async (t) => {
    const server = await start(t, {
      listen: ['tcp://127.0.0.1:0', 'login-byte://127.0.0.1:0/garden'],
    });
    const bob = await comeIn(t, server.port('tcp'), 'Bob', { room: 'garden' });
    const ada = await enter(t, server, 'Ada');
    await bob.until('here', said('here'));
    const next = async (): Promise<string[]> => {
      const { name, text } = await ada.next();
      return [name, text];
    };
    const carl = await comeIn(t, server.port('tcp'), 'Carl', { room: 'garden' });
    assert.deepEqual(await next(), ['*', 'Carl has entered']);
    carl.close();
    assert.deepEqual(await next(), ['*', 'Carl has left']);
    const { seq } = await bob.ok({ type: 'send', room: 'garden', text: 'a' });
    assert.deepEqual(await next(), ['Bob', 'a']);
    await bob.ok({ type: 'edit', room: 'garden', of: seq, text: 'b' });
    assert.deepEqual(await next(), ['Bob', '* b']);
    await bob.ok({ type: 'delete', room: 'garden', of: seq });
    assert.deepEqual(await next(), ['*', 'Bob has taken back a message']);
    await bob.ok({ type: 'nick', nick: 'Rob' });
    assert.deepEqual(await next(), ['*', 'Bob is now Rob']);
    await bob.ok({ type: 'topic', room: 'garden', topic: 'tea' });
    assert.deepEqual(await next(), ['*', 'Rob has set the topic: tea']);
    await Promise.all([withPatience('the stop', server.stop()), ada.until('server is stopping')]);
    await withPatience('the end', ada.ended);
  });
});

describe('login-byte, going', () => {
  test('BYTE-6 closing leaves the room and frees the name at once', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const isLeaving = (nick: string) => (each: Record<string, unknown>) =>
      each['type'] === 'leave' && (each['from'] as { nick: string }).nick === nick;
    for (const [name, way] of [
      ['Ada', 'close'],
      ['Carl', 'reset'],
    ] as const) {
      const client = await enter(t, server, name);
      client[way]();
      await bob.until(`${name}, leaving`, isLeaving(name));
      const { answer } = await logIn(t, server, name);
      assert.equal(answer, 'Y');
    }
  });

  test('BYTE-6 what was sent before closing is said', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const ada = await enter(t, server, 'Ada');
    await bob.until('here', said('here'));
    ada.button('last words');
    ada.close();
    await bob.until('last words', said('last words'));
    await bob.until('leave', (each) => each.type === 'leave');
  });

  test('BYTE-7 a client whose closing did not close is ended by the line that says its name is asked for', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const dead = await enter(t, server, 'Ada');
    await bob.until('here', said('here'));
    // Its window is gone; the blocked recv comes back with the next message, and then the process ends.
    void dead.next().then(() => dead.close());
    const asked = performance.now();
    const { answer } = await logIn(t, server, 'ada');
    assert.equal(answer, 'Y');
    assert.ok(performance.now() - asked < 1_400, 'as soon as the name is free');
    assert.deepEqual(
      dead.heard.map(({ name, text }) => [name, text]),
      [['*', 'Ada is asked for']],
    );
  });

  test('BYTE-7 a holder that is still there keeps the name: R after 1.5 s, each time', async (t) => {
    const server = await start(t);
    const ada = await enter(t, server, 'Ada');
    for (let round = 0; round < 2; round += 1) {
      const asked = performance.now();
      const { answer } = await logIn(t, server, 'Ada');
      assert.equal(answer, 'R');
      assert.ok(performance.now() - asked >= 1_500);
      assert.equal((await ada.next()).text, 'Ada is asked for');
    }
  });

  test('BYTE-7 from another address, or of another front end, the name is taken at once and the holder hears nothing', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const ada = await enter(t, server, 'Ada', '127.0.0.2');
    for (const name of ['Ada', 'Bob']) {
      const asked = performance.now();
      const { answer } = await logIn(t, server, name);
      assert.equal(answer, 'R');
      assert.ok(performance.now() - asked < 1_400);
    }
    await bob.ok({ type: 'send', room: 'lobby', text: 'hi' });
    assert.equal((await ada.next()).text, 'hi');
  });
});
