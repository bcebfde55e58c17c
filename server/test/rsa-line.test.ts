/** Holds how one comes in by rsa-line, and goes, over real sockets. What is said in between is in rsa-line-talk.test.ts. */
import assert from 'node:assert/strict';
import { constants, createPublicKey, generateKeyPairSync, privateEncrypt, publicEncrypt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openPeer } from './classic-peer.ts';
import { comeIn, startTestServer, withPatience } from './harness.ts';
import {
  ask,
  enter,
  padName,
  pair,
  pattern,
  PROMPT,
  REFUSED,
  seal,
  sealBlock,
  start,
  TIME,
} from './rsa-client.ts';

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
