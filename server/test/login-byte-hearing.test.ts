/** Holds what a client of login-byte is sent, over real sockets. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { enter, logIn, RECV, said, start } from './byte-client.ts';
import { openPeer } from './classic-peer.ts';
import { comeIn, withPatience } from './harness.ts';

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
