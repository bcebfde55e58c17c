/** Holds how one comes in by login-byte, speaks and goes, over real sockets. What one hears is in login-byte-hearing.test.ts. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { enter, logIn, said, start, textsOf } from './byte-client.ts';
import { openPeer } from './classic-peer.ts';
import { comeIn } from './harness.ts';

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
