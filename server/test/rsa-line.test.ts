/**
 * Holds the front end rsa-line to its contract, over real sockets, as the
 * original client speaks: a name sealed with the public key, in base64 without
 * a line end, then what is typed.
 */
import assert from 'node:assert/strict';
import { constants, createPublicKey, generateKeyPairSync, privateEncrypt, publicEncrypt } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { openPeer, type Peer } from './classic-peer.ts';
import { comeIn, startTestServer, temporaryFolder, withPatience, type TestServer } from './harness.ts';

const PROMPT = '\n>> ';
const REFUSED = '\n[-] Please use the authentication client to connect!';
const TIME = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`;

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' });

/** The bytes behind PKCS#1 v1.5 padding, in base64, as the original client sends a name. */
function seal(name: string | Uint8Array): string {
  const key = { key: pair.publicKey, padding: constants.RSA_PKCS1_PADDING };
  return publicEncrypt(key, Buffer.from(name as string)).toString('base64');
}

/** A block as it is, encrypted without any padding of ours. */
function sealBlock(block: Uint8Array): string {
  return publicEncrypt({ key: pair.publicKey, padding: constants.RSA_NO_PADDING }, block).toString('base64');
}

/** A block as PKCS#1 v1.5 has it: two bytes, so many of padding, a zero, and the name; line ends fill it. */
function padName(begin: readonly [number, number], padding: number): Uint8Array {
  const block = Buffer.alloc(256, '\n');
  block.set(begin);
  block.fill(9, 2, 2 + padding);
  block[2 + padding] = 0;
  block.write('Ada', 3 + padding);
  return block;
}

type Options = Parameters<typeof startTestServer>[1];

async function start(t: TestContext, options: Options = {}): Promise<TestServer> {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'rsa-line.pem'), pem, { mode: 0o600 });
  return startTestServer(t, { listen: ['tcp://127.0.0.1:0', 'rsa-line://127.0.0.1:0'], folder, ...options });
}

/** Logs in as the original client does, and takes everything up to the first prompt. */
async function enter(t: TestContext, server: TestServer, name: string): Promise<Peer & { first: string }> {
  const peer = await openPeer(t, server.port('rsa-line'));
  peer.send(seal(name));
  const first = await peer.until(PROMPT);
  return { ...peer, first };
}

/** Sends a line and takes what comes up to the prompt. */
async function ask(peer: Peer, line: string): Promise<string> {
  peer.send(line);
  return (await peer.until(PROMPT)).slice(0, -PROMPT.length);
}

const pattern = (text: string): RegExp => new RegExp(`^${text.replaceAll('TIME', TIME)}$`);

describe('rsa-line, coming in', () => {
  test('RSA-1 the server says nothing until the client has sent its name', async (t) => {
    const server = await start(t);
    const silent = await openPeer(t, server.port('rsa-line'));
    const ada = await enter(t, server, 'Ada');
    await ask(ada, 'hello\n');
    assert.equal(silent.rest, '');
  });

  test('RSA-2 the name comes in base64 with LF, CRLF or no line end behind it', async (t) => {
    const server = await start(t);
    for (const [index, end] of ['', '\n', '\r\n'].entries()) {
      const peer = await openPeer(t, server.port('rsa-line'));
      peer.send(seal(`Ada${index}`) + end);
      await peer.until(PROMPT);
    }
    const history = await ask(await enter(t, server, 'Bob'), 'history\n');
    assert.deepEqual(
      history.match(/Ada\d:has entered!/g),
      [0, 1, 2].map((n) => `Ada${n}:has entered!`),
    );
  });

  test('RSA-2 a name of the full length arrives in two pieces of one send', async (t) => {
    const server = await start(t);
    const peer = await openPeer(t, server.port('rsa-line'));
    const sealed = seal('漢'.repeat(32));
    peer.send(sealed.slice(0, 100));
    peer.send(sealed.slice(100));
    await peer.until(PROMPT);
  });

  test('RSA-3 line ends within a name go, and so does white space around it', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    await enter(t, server, ' A\r\nd\na \n');
    const entered = await bob.until('Ada, entering', (each) => each.type === 'enter' && each.seq === 2);
    assert.equal((entered['from'] as { nick: string }).nick, 'Ada');
  });

  test('RSA-3 a name that is none gets the same words and a close, and nothing enters the room', async (t) => {
    const server = await start(t);
    const refused = {
      'not base64': 'Ada',
      'base64 that is not canonical': seal('Ada').replace(/=*$/, ''),
      'two names in one': seal('Ada') + seal('Ada'),
      'too short': Buffer.alloc(255, 1).toString('base64'),
      'more than 1,024 bytes': 'A'.repeat(1_028),
      'not less than the modulus': Buffer.alloc(256, 255).toString('base64'),
      'signed instead': privateEncrypt(pair.privateKey, Buffer.from('Ada')).toString('base64'),
      'padding of type 1': sealBlock(padName([0, 1], 8)),
      'no zero before it': sealBlock(padName([1, 2], 8)),
      'no end of the padding': sealBlock(Buffer.alloc(256, 2).fill(0, 0, 1)),
      'padding too short': sealBlock(padName([0, 2], 7)),
      'for another key': publicEncrypt(
        {
          key: generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey,
          padding: constants.RSA_PKCS1_PADDING,
        },
        Buffer.from('Ada'),
      ).toString('base64'),
      'not UTF-8': seal(Buffer.from([0x41, 0xff])),
      empty: seal(''),
      blank: seal(' \r\n '),
      'no nickname': seal('Ada:x'),
      'a line of theirs': seal('[!] 2026'),
      reserved: seal('server'),
    };
    for (const [what, sealed] of Object.entries(refused)) {
      const peer = await openPeer(t, server.port('rsa-line'));
      peer.send(sealed);
      assert.equal(await peer.ended(), REFUSED, what);
    }
    const history = await ask(await enter(t, server, 'Bob'), 'history\n');
    assert.match(history, pattern(String.raw`\[!\] TIME Bob:has entered!\n`));
  });

  test('RSA-3 a padding of eight bytes is enough, and no text is made up for a bad one', async (t) => {
    const server = await start(t);
    const peer = await openPeer(t, server.port('rsa-line'));
    peer.send(sealBlock(padName([0, 2], 8)));
    await peer.until(PROMPT);
    // OpenSSL's own answer to garbage would be a valid short name once in 400 times.
    const peers = await Promise.all(Array.from({ length: 200 }, () => openPeer(t, server.port('rsa-line'))));
    for (const [index, each] of peers.entries()) {
      const garbage = Buffer.alloc(256, 1 + (index % 100));
      garbage[255] = index;
      each.send(garbage.toString('base64'));
    }
    for (const each of peers) assert.equal(await each.ended(), REFUSED);
  });

  test('RSA-3 a name that is taken is told so, looks counted, and the server closes', async (t) => {
    const server = await start(t);
    await comeIn(t, server.port('tcp'), 'Ada');
    for (const name of ['Ada', 'ADA', 'Аda']) {
      const peer = await openPeer(t, server.port('rsa-line'));
      peer.send(seal(name));
      assert.equal(await peer.ended(), '\n[-] That name is taken, choose another.');
    }
  });

  test('RSA-3 past the rate of decryptions the words are the same, at the same time', async (t) => {
    const server = await start(t, {
      rateLimits: true,
      config: { rates: { decryptionsPerAddress: { perSecond: 0.001, burst: 2 }, privateFactor: 1 } },
    });
    await enter(t, server, 'Ada');
    await enter(t, server, 'Bob');
    const peer = await openPeer(t, server.port('rsa-line'));
    const sent = performance.now();
    peer.send(`${seal('Carl')}\n`);
    assert.equal(await peer.ended(), REFUSED);
    assert.ok(performance.now() - sent >= 49, 'not before 50 ms');
  });

  test('A4 RSA-3 five kinds of garbage get the same bytes at the same time', async (t) => {
    const server = await start(t);
    await enter(t, server, 'Taken');
    const kinds: Record<string, () => string> = {
      'not base64': () => '!'.repeat(344),
      'not encrypted': () => Buffer.alloc(256, 3).toString('base64'),
      'bad padding': () => sealBlock(Buffer.alloc(256, 5)),
      'not UTF-8': () => seal(Buffer.from([0xff, 0xfe])),
      'no nickname': () => seal('a b'),
    };
    const rounds = 40;
    const times = new Map<string, number[]>();
    const measure = async (kind: string, text: string): Promise<void> => {
      const peer = await openPeer(t, server.port('rsa-line'));
      const sent = performance.now();
      peer.send(`${text}\n`);
      const words = await peer.ended();
      assert.equal(words, REFUSED, kind);
      times.set(kind, [...(times.get(kind) ?? []), performance.now() - sent]);
    };
    // Each kind is the first in its round as often as the others: they wait for one thread.
    for (let round = 0; round < rounds; round += 1) {
      const names = Object.keys(kinds);
      const turned = [...names.slice(round % 5), ...names.slice(0, round % 5)];
      await Promise.all(turned.map((kind) => measure(kind, kinds[kind]?.() ?? '')));
    }
    const best = [...times.values()].map((each) => Math.min(...each));
    assert.equal(best.length, 5);
    assert.ok(Math.min(...best) >= 49, `not before 50 ms: ${best.join(', ')}`);
    assert.ok(Math.max(...best) - Math.min(...best) < 5, `told apart by time: ${best.join(', ')}`);
  });

  test('FRAME-9 a first line that is HTTP is closed at once, without a word', async (t) => {
    const server = await start(t);
    const peer = await openPeer(t, server.port('rsa-line'));
    peer.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.equal(await peer.ended(), '');
  });

  test('F1 F2 who does not log in is closed: in time, and after 64 KiB', async (t) => {
    const server = await start(t, {
      config: { limits: { connectTimeoutSeconds: 1, loginTimeoutSeconds: 1 } },
    });
    const silent = await openPeer(t, server.port('rsa-line'));
    const drip = await openPeer(t, server.port('rsa-line'));
    const timer = setInterval(() => drip.send('A'), 20);
    t.after(() => clearInterval(timer));
    const flood = await openPeer(t, server.port('rsa-line'));
    flood.send('A'.repeat(70_000));
    assert.equal(await flood.ended(), '');
    assert.equal(await silent.ended(), '');
    assert.equal(await drip.ended(), '');
    const reasons = server.journal.flatMap((event) => (event.kind === 'disconnected' ? [event.reason] : []));
    assert.deepEqual(reasons, ['limit_reached', 'login_timeout', 'login_timeout']);
  });

  test('RSA-4 the room sees who enters, live on the classic protocol and on the native one', async (t) => {
    const server = await start(t);
    const ada = await enter(t, server, 'Ada');
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    assert.match(await ada.until(PROMPT), pattern(String.raw`\n\[!\] TIME Bob:has entered!\n>> `));
    await enter(t, server, '小明');
    assert.match(await ada.until(PROMPT), pattern(String.raw`\n\[!\] TIME 小明:has entered!\n>> `));
    await bob.until('小明', (each) => each.type === 'enter' && each.seq === 3);
  });

  test('RSA-5 a newcomer gets the last 50 messages by others as live lines', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    for (let index = 0; index < 60; index += 1)
      await bob.ok({ type: 'send', room: 'lobby', text: `m${index}` });
    await bob.ok({ type: 'delete', room: 'lobby', of: 61 });
    const { first } = await enter(t, server, 'Ada');
    const lines = Array.from({ length: 49 }, (_, index) => String.raw`\nTIME Bob:m${10 + index}`);
    assert.match(first, pattern(`${lines.join('')}\n>> `));
  });

  test('RSA-5 the backlog and what comes live join without a gap or a repeat', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    let sent = 0;
    let more = true;
    const talking = (async () => {
      for (; more || sent < 300; sent += 1) await bob.ok({ type: 'send', room: 'lobby', text: `m${sent}` });
    })();
    await bob.until('talk', () => sent > 60);
    const peers = [];
    for (const name of ['Ada', 'Carl', '小明']) peers.push(await enter(t, server, name));
    more = false;
    await talking;
    for (const peer of peers) {
      const text = peer.first + (sent > 0 ? await peer.until(`:m${sent - 1}${PROMPT}`) : '');
      const numbers = [...text.matchAll(/:m(\d+)/g)].map(([, number]) => Number(number));
      const from = numbers[0] ?? 0;
      assert.deepEqual(
        numbers,
        Array.from({ length: sent - from }, (_, index) => from + index),
      );
    }
  });

  test('RSA-5 classic.backlog = 0 turns the backlog off', async (t) => {
    const server = await start(t, { config: { classic: { backlog: 0 } } });
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    await bob.ok({ type: 'send', room: 'lobby', text: 'before' });
    assert.equal((await enter(t, server, 'Ada')).first, PROMPT);
  });
});

describe('rsa-line, talking', () => {
  test('RSA-6 a prompt follows login, each line taken, and each batch of live lines', async (t) => {
    const server = await start(t);
    const ada = await enter(t, server, 'Ada');
    assert.equal(ada.first, PROMPT);
    assert.equal(await ask(ada, 'one\n'), '');
    ada.send('two\nthree\n');
    await ada.until(`${PROMPT}${PROMPT}`);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    await ada.until(`Bob:has entered!${PROMPT}`);
    await bob.ok({ type: 'send', room: 'lobby', text: 'hi' });
    await ada.until(`Bob:hi${PROMPT}`);
    assert.equal(ada.rest, '');
  });

  test('RSA-7 an empty line brings a new prompt and says nothing', async (t) => {
    const server = await start(t);
    const ada = await enter(t, server, 'Ada');
    assert.equal(await ask(ada, '\n'), '');
    assert.equal(await ask(ada, '  \t\r\n'), '');
    assert.match(await ask(ada, 'history\n'), pattern(String.raw`\[!\] TIME Ada:has entered!\n`));
  });

  test('RSA-7 history, histroy and history N show the past, oldest first, as it stands now', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    await bob.ok({ type: 'send', room: 'lobby', text: 'wrogn' });
    await bob.ok({ type: 'send', room: 'lobby', text: 'secret' });
    await bob.ok({ type: 'edit', room: 'lobby', of: 2, text: 'wrong' });
    await bob.ok({ type: 'delete', room: 'lobby', of: 3 });
    const ada = await enter(t, server, 'Ada');
    await ask(ada, '  hello there \n');
    const rows = [
      String.raw`\[!\] TIME Bob:has entered!\n`,
      String.raw`TIME Bob:wrong\n`,
      String.raw`\[!\] TIME Bob:has taken back a message\n`,
      String.raw`\[!\] TIME Ada:has entered!\n`,
      String.raw`TIME Ada:hello there\n`,
    ];
    assert.match(await ask(ada, 'history\n'), pattern(rows.join('')));
    assert.match(await ask(ada, 'histroy\r\n'), pattern(rows.join('')));
    assert.match(await ask(ada, ' history 2 \n'), pattern(rows.slice(-2).join('')));
    assert.match(await ask(ada, 'history 999999999999999999999\n'), pattern(rows.join('')));
    assert.equal(await ask(ada, 'history 0\n'), '');
    assert.equal(await ask(ada, 'history of tea\n'), '');
    await bob.until('the words', (each) => each['text'] === 'history of tea');
  });

  test('RSA-7 RSA-8 a long history is whole, in order, over many pages, with live lines behind it', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const count = 2_500;
    const send = (index: number) => bob.request({ type: 'send', room: 'lobby', text: `m${index}` });
    await Promise.all(Array.from({ length: count }, (_, index) => send(index)));
    const ada = await enter(t, server, 'Ada');
    ada.send('history\n');
    await bob.ok({ type: 'send', room: 'lobby', text: 'after' });
    const text = await ada.until(`Bob:after${PROMPT}`);
    const numbers = [...text.matchAll(/:m(\d+)\n/g)].map(([, number]) => Number(number));
    assert.deepEqual(
      numbers,
      Array.from({ length: count }, (_, index) => index),
    );
    // Its 1,200th row from the end: two rows of coming in are among 2,503.
    const [row = ''] = (await ask(ada, 'history 1200\n')).split('\n', 1);
    assert.match(row, /m1302$/);
  });

  test('RSA-7 F10 an unread history stalls its reader alone, and goes on when it is read', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const text = 'x'.repeat(16_000);
    const count = 1_200;
    for (let done = 0; done < count; done += 40)
      await Promise.all(Array.from({ length: 40 }, () => bob.request({ type: 'send', room: 'lobby', text })));
    const ada = await enter(t, server, 'Ada');
    const { socket } = ada;
    let bytes = 0;
    let last = '';
    socket.removeAllListeners('data');
    const whole = new Promise<void>((resolve) => {
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        last = (last + chunk.toString('latin1')).slice(-200);
        if (last.endsWith(`Bob:meanwhile${PROMPT}`)) resolve();
      });
    });
    const before = process.memoryUsage().rss;
    socket.pause();
    ada.send('history\n');
    // Somebody else reads all of theirs meanwhile.
    let theirs = 0;
    const carl = await enter(t, server, 'Carl');
    carl.socket.removeAllListeners('data');
    const read = new Promise<void>((resolve) => {
      carl.socket.on('data', (chunk: Buffer) => {
        theirs += chunk.length;
        if (theirs > count * text.length && chunk.toString('latin1').endsWith(PROMPT)) resolve();
      });
    });
    carl.send('history\n');
    await withPatience("another's history", read);
    await bob.ok({ type: 'send', room: 'lobby', text: 'meanwhile' });
    assert.ok(process.memoryUsage().rss - before < 64 * 1_048_576, 'a cursor, not a buffer');
    socket.resume();
    await withPatience('the rest of the history', whole);
    const row = '2026-11-24 10:00:00 Bob:\n'.length + text.length;
    const others = '[!] 2026-11-24 10:00:00 Bob:has entered!\n'.length * 2;
    const live =
      '\n[!] 2026-11-24 10:00:00 Carl:has entered!\n2026-11-24 10:00:00 Bob:meanwhile'.length + PROMPT.length;
    assert.equal(bytes, count * row + others + live);
  });

  test('RSA-7 past the rate of sending the server reads more slowly, and nothing is dropped', async (t) => {
    const server = await start(t, {
      rateLimits: true,
      config: { rates: { sendPerPerson: { perSecond: 50, burst: 3 }, privateFactor: 100 } },
    });
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const ada = await enter(t, server, 'Ada');
    ada.send(Array.from({ length: 20 }, (_, index) => `m${index}\n`).join(''));
    await bob.until('the last', (each) => each['text'] === 'm19');
    const texts = bob.received.flatMap((each) => (each.type === 'message' ? [each['text']] : []));
    assert.deepEqual(
      texts,
      Array.from({ length: 20 }, (_, index) => `m${index}`),
    );
    assert.equal((await ask(ada, 'history 1\n')).includes('m19'), false, 'prompts of the lines come first');
  });

  test('RSA-8 the sender does not get their own back, others get it at once', async (t) => {
    const server = await start(t);
    const ada = await enter(t, server, 'Ada');
    const carl = await enter(t, server, 'Carl');
    await ada.until(`Carl:has entered!${PROMPT}`);
    assert.equal(await ask(ada, 'hello 你好 👩‍🚀'), '');
    assert.match(await carl.until(PROMPT), pattern(String.raw`\nTIME Ada:hello 你好 👩‍🚀\n>> `));
    await ask(carl, 'hi\n');
    assert.match(await ada.until(PROMPT), pattern(String.raw`\nTIME Carl:hi\n>> `));
    assert.equal(ada.rest, '');
  });

  test('RSA-8 an edit, a deletion, a nickname and a topic are told in words', async (t) => {
    const server = await start(t, { listen: ['tcp://127.0.0.1:0', 'rsa-line://127.0.0.1:0/garden'] });
    const bob = await comeIn(t, server.port('tcp'), 'Bob', { room: 'garden' });
    const ada = await enter(t, server, 'Ada');
    const next = async (): Promise<string> => (await ada.until(PROMPT)).slice(0, -PROMPT.length);
    const { seq } = await bob.ok({ type: 'send', room: 'garden', text: 'a' });
    assert.match(await next(), pattern(String.raw`\nTIME Bob:a`));
    await bob.ok({ type: 'edit', room: 'garden', of: seq, text: 'b\nc' });
    assert.match(await next(), pattern(String.raw`\nTIME Bob:\* b\nTIME Bob:\* c`));
    await bob.ok({ type: 'delete', room: 'garden', of: seq });
    assert.match(await next(), pattern(String.raw`\n\[!\] TIME Bob:has taken back a message`));
    await bob.ok({ type: 'nick', nick: 'Rob' });
    assert.match(await next(), pattern(String.raw`\n\[!\] TIME Bob:is now Rob!`));
    await bob.ok({ type: 'topic', room: 'garden', topic: 'tea \x1b[2J' });
    assert.match(await next(), pattern(String.raw`\n\[!\] TIME Rob:has set the topic: tea \\x1b\[2J`));
  });

  test('RSA-9 times are in the zone of the config, to the second, and in the history the same', async (t) => {
    const zone = 'Asia/Kathmandu';
    const server = await start(t, { config: { classic: { timeZone: zone } } });
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const ada = await enter(t, server, 'Ada');
    const { time } = await bob.ok({ type: 'send', room: 'lobby', text: 'hi' });
    const shown = new Date(Date.parse(String(time))).toLocaleString('sv-SE', { timeZone: zone });
    assert.equal(await ada.until(PROMPT), `\n${shown} Bob:hi${PROMPT}`);
    assert.ok((await ask(ada, 'history\n')).includes(`${shown} Bob:hi\n`));
  });

  test('RSA-10 a chunk without a line end is a line after 50 ms, several lines in one are several messages', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const ada = await enter(t, server, 'Ada');
    const sent = performance.now();
    await ask(ada, 'no end');
    assert.ok(performance.now() - sent >= 49);
    ada.send('one\r\ntwo\n\nthree');
    await bob.until('three', (each) => each['text'] === 'three');
    const texts = bob.received.flatMap((each) => (each.type === 'message' ? [each['text']] : []));
    assert.deepEqual(texts, ['no end', 'one', 'two', 'three']);
  });

  test('RSA-10 a line that is half there when the client ends is said, and the end follows', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const ada = await enter(t, server, 'Ada');
    ada.socket.end('first\nlast words');
    await bob.until('last words', (each) => each['text'] === 'last words');
    await bob.until('Ada, leaving', (each) => each.type === 'leave');
    await ada.ended();
  });

  test('RSA-11 C1 C2 every line of a text has the real prefix, live, in the backlog and in the history', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const ada = await enter(t, server, 'Ada');
    const ends = ['\n', '\r', '\r\n', '\u0085', '\u2028', '\u2029', '\v', '\f'];
    const forged = ['2026-11-24 10:00:00 Ada:I owe you', '[!] 2026-11-24 10:00:00 Ada:has left!', '>> '];
    const text = `begin${ends.flatMap((end) => forged.map((line) => end + line)).join('')}`;
    await bob.ok({ type: 'send', room: 'lobby', text });
    const live = (await ada.until(PROMPT)).slice(0, -PROMPT.length).split('\n');
    const { first } = await enter(t, server, 'Carl');
    const rows = (await ask(ada, 'history\n')).split('\n').slice(-1 - live.length, -1);
    assert.equal(live.length, 1 + 1 + ends.length * forged.length);
    for (const line of live.slice(1)) assert.match(line, new RegExp(`^${TIME} Bob:`));
    assert.equal(first, `${live.join('\n')}${PROMPT}`);
    assert.ok(rows.length > 0);
  });

  test('RSA-11 a text of nothing but line ends does not grow without bound, and is whole', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const ada = await enter(t, server, 'Ada');
    await bob.ok({ type: 'send', room: 'lobby', text: `a${'\n'.repeat(16_000)}z` });
    const live = await ada.until(PROMPT);
    assert.ok(live.length < 200_000);
    const lines = live.slice(1, -PROMPT.length).split('\n');
    for (const line of lines) assert.match(line, new RegExp(`^${TIME} Bob:`));
    const ends = lines.length - 1 + (lines.at(-1)?.split(String.raw`\n`).length ?? 0) - 1;
    assert.equal(ends, 16_000);
    assert.ok(lines.at(-1)?.endsWith(String.raw`\nz`));
  });

  test('C5 controls become visible, live and in the history', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const ada = await enter(t, server, 'Ada');
    await bob.ok({ type: 'send', room: 'lobby', text: 'a\x1b]52;c;aGk=\x07\x9b2J\x7f\ttab' });
    const shown = String.raw`Bob:a\x1b]52;c;aGk=\x07\x9b2J\x7f` + '\ttab';
    assert.ok((await ada.until(PROMPT)).endsWith(shown + PROMPT));
    assert.ok((await ask(ada, 'history 1\n')).endsWith(`${shown}\n`));
  });

  test('C7 what is not UTF-8, or not to be stored, gets a notice and is never repaired', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const ada = await enter(t, server, 'Ada');
    const notice = async (bytes: Uint8Array): Promise<string> => {
      ada.send(bytes);
      return (await ada.until(PROMPT)).slice(0, -PROMPT.length);
    };
    for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe4, 0xbd]])
      assert.match(
        await notice(Buffer.from([0x61, ...bytes, 0x0a])),
        pattern(String.raw`\n\[!\] TIME server:this was not valid UTF-8, and was not sent`),
      );
    assert.match(await notice(Buffer.from('a\0b\n')), /server:.*NUL/);
    assert.match(await notice(Buffer.from(`${'x'.repeat(17_000)}\n`)), /server:.*16384/);
    await ask(ada, 'fine\n');
    const heard = await bob.until('fine', (each) => each.type === 'message');
    assert.equal(heard['text'], 'fine');
  });

  test('F2 a line of more than 64 KiB ends the connection', async (t) => {
    const server = await start(t);
    const ada = await enter(t, server, 'Ada');
    ada.send('x'.repeat(70_000));
    assert.equal(await ada.ended(), '\n[-] A line has at most 65536 bytes.');
  });

  test('F10 who does not read is closed alone, and others go on', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const ada = await enter(t, server, 'Ada');
    ada.socket.pause();
    const text = 'x'.repeat(16_000);
    const gone = (): boolean =>
      server.journal.some((event) => event.kind === 'disconnected' && event.reason === 'slow_consumer');
    for (let index = 0; index < 3_000 && !gone(); index += 1)
      await bob.ok({ type: 'send', room: 'lobby', text });
    assert.ok(gone());
    await bob.until('Ada, leaving', (each) => each.type === 'leave');
  });
});

describe('rsa-line, going', () => {
  test('RSA-12 leaving is announced, live and in the history, and frees the name at once', async (t) => {
    const server = await start(t);
    const ada = await enter(t, server, 'Ada');
    const carl = await enter(t, server, 'Carl');
    carl.socket.end();
    const left = String.raw`\[!\] TIME Carl:has left!`;
    await ada.until(new RegExp(left.replace('TIME', TIME)));
    await enter(t, server, 'Carl');
    await ada.until(/Carl:has entered!\n>> /);
    assert.match(await ask(ada, 'history 2\n'), pattern(String.raw`${left}\n\[!\] TIME Carl:has entered!\n`));
  });

  test('RSA-12 a reset frees the name as well', async (t) => {
    const server = await start(t);
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    const ada = await enter(t, server, 'Ada');
    ada.socket.resetAndDestroy();
    await bob.until('Ada, leaving', (each) => each.type === 'leave');
    await enter(t, server, 'Ada');
  });

  test('a stopping server says so and closes', async (t) => {
    const server = await start(t);
    const ada = await enter(t, server, 'Ada');
    await withPatience('the stop', server.stop());
    assert.equal(await ada.ended(), '\n[-] The server is stopping.');
  });

  test('the key that is made at the first start is the one that the server opens names with', async (t) => {
    const server = await startTestServer(t, { listen: ['rsa-line://127.0.0.1:0'] });
    const key = createPublicKey(await readFile(join(server.folder, 'rsa-line.pem'), 'utf8'));
    const peer = await openPeer(t, server.port('rsa-line'));
    peer.send(
      publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from('Ada')).toString('base64'),
    );
    assert.equal(await peer.until(PROMPT), PROMPT);
  });
});
