/** Holds what is said and shown on rsa-line, over real sockets. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { comeIn, withPatience } from './harness.ts';
import { ask, enter, pattern, PROMPT, start, TIME } from './rsa-client.ts';

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
