import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';

import { ERRORS } from '@teahouse/protocol';

import { comeIn, connectNative, startTestServer, withPatience, type Message } from '../harness.ts';

/** A rate that is used up after `burst` and does not come back within a test. */
const once = (burst: number) => ({ perSecond: 1 / 3_600, burst });
const many = { perSecond: 1_000_000, burst: 1_000_000 };
const loose = { requestsPerConnection: many, requestsPerPerson: many, requestsPerAddress: many };

test('LIMIT-2 past the rate of a connection, a person or an address a request gets rate_limited, and nothing is done', async (t) => {
  for (const narrow of ['requestsPerConnection', 'requestsPerPerson', 'requestsPerAddress'] as const) {
    const server = await startTestServer(t, {
      rateLimits: true,
      config: { rates: { ...loose, [narrow]: once(6), privateFactor: 1 } },
    });
    const ada = await comeIn(t, server.port('tcp'), 'Ada');
    const answers: Message[] = [];
    for (let count = 0; count < 8; count += 1) answers.push(await ada.request({ type: 'ping' }));
    const limited = answers.filter((m) => m['code'] === 'rate_limited');
    assert.ok(limited.length >= 2, narrow);
    assert.match(String(limited[0]?.['message']), /Try again in \d+ s/);
    assert.equal(ada.socket.destroyed, false);
  }
});

test('LIMIT-3 each kind of request with a rate of its own gets rate_limited past it', async (t) => {
  const server = await startTestServer(t, {
    rateLimits: true,
    config: {
      rates: {
        ...loose,
        sendPerPerson: once(2),
        joinPerPerson: once(2),
        nickPerPerson: once(2),
        typingPerPerson: once(2),
        historyPerPerson: once(2),
        createPerPerson: once(2),
      },
    },
  });
  const requests: Record<string, (count: number) => Record<string, unknown>> = {
    send: (count) => ({ type: 'send', room: 'lobby', text: `${count}` }),
    join: () => ({ type: 'join', room: 'lobby' }),
    nick: (count) => ({ type: 'nick', nick: `Ada${count}` }),
    typing: () => ({ type: 'typing', room: 'lobby' }),
    history: () => ({ type: 'history', room: 'lobby' }),
    create: (count) => ({ type: 'create', room: `r${count}` }),
  };
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  for (const [kind, request] of Object.entries(requests)) {
    const codes: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const { code } = await ada.request(request(count));
      codes.push(typeof code === 'string' ? code : 'ok');
    }
    assert.equal(codes.at(-1), 'rate_limited', `${kind}: ${codes.join(' ')}`);
    assert.equal(codes[0], 'ok', kind);
  }
});

test('LIMIT-4 a person is in no more rooms than the limit; one more gets limit_reached', async (t) => {
  const server = await startTestServer(t, { config: { limits: { roomsPerPerson: 2 } } });
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  for (const room of ['a1', 'b2']) await ada.ok({ type: 'create', room });
  await ada.ok({ type: 'join', room: 'a1' });
  assert.equal((await ada.request({ type: 'join', room: 'b2' }))['code'], 'limit_reached');
  await ada.ok({ type: 'join', room: 'lobby' });
  await ada.ok({ type: 'leave', room: 'a1' });
  await ada.ok({ type: 'join', room: 'b2' });
});

test('there are no more rooms than the limit; one more gets limit_reached', async (t) => {
  const server = await startTestServer(t, { config: { limits: { rooms: 2 } } });
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  await ada.ok({ type: 'create', room: 'second' });
  assert.equal((await ada.request({ type: 'create', room: 'third' }))['code'], 'limit_reached');
});

test('LIMIT-5 F5 an address has so many connections at once, and a closed one makes room', async (t) => {
  const server = await startTestServer(t, {
    rateLimits: true,
    config: { rates: { connectionsPerAddress: 2, privateFactor: 1 } },
  });
  const [one] = [await connectNative(t, server.port('tcp')), await connectNative(t, server.port('tcp'))];
  await one.until('hello', (m) => m.type === 'hello');
  const refused = connect(server.port('tcp'), '127.0.0.1');
  t.after(() => refused.destroy());
  refused.on('error', () => undefined);
  await withPatience('the refusal', new Promise((resolve) => refused.once('close', resolve)));
  one.close();
  await one.closed;
  const next = await connectNative(t, server.port('tcp'));
  await next.until('hello', (m) => m.type === 'hello');
});

test('LIMIT-5 F5 an address opens so many connections a minute, and other addresses notice nothing', async (t) => {
  const server = await startTestServer(t, {
    rateLimits: true,
    config: { rates: { newConnectionsPerAddress: once(3), privateFactor: 1, exempt: ['127.0.0.2'] } },
  });
  let hellos = 0;
  for (let count = 0; count < 6; count += 1) {
    const client = await connectNative(t, server.port('tcp'));
    if (
      await client
        .until('hello', () => true)
        .then(
          () => true,
          () => false,
        )
    )
      hellos += 1;
    client.close();
    await client.closed;
  }
  assert.equal(hellos, 3);
});

test('LIMIT-6 A13 an address holds at most so many nicknames of people who are away', async (t) => {
  const server = await startTestServer(t, {
    rateLimits: true,
    config: { limits: { holdsPerAddress: 2 }, rates: { ...loose, privateFactor: 1 } },
  });
  const watcher = await comeIn(t, server.port('tcp'), 'Watcher');
  for (const nick of ['a1', 'b2', 'c3']) {
    const client = await comeIn(t, server.port('tcp'), nick, { hold: true });
    client.socket.destroy();
    await client.closed;
  }
  await watcher.until(
    'the third leaves at once',
    (m) => m.type === 'leave' && (m['from'] as { nick: string }).nick === 'c3',
  );
  const thief = await connectNative(t, server.port('tcp'));
  assert.equal((await thief.request({ type: 'login', nick: 'a1' }))['code'], 'nick_taken');
  await thief.ok({ type: 'login', nick: 'c3' });
});

test('LIMIT-7 without rate limits no rate and no count by address holds, but sizes do', async (t) => {
  const server = await startTestServer(t, {
    rateLimits: false,
    config: {
      rates: {
        sendPerPerson: once(1),
        requestsPerConnection: once(1),
        connectionsPerAddress: 1,
        newConnectionsPerAddress: once(1),
        privateFactor: 1,
      },
    },
  });
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  const bob = await comeIn(t, server.port('tcp'), 'Bob');
  for (let count = 0; count < 50; count += 1) await ada.ok({ type: 'send', room: 'lobby', text: `${count}` });
  assert.equal(
    (await bob.request({ type: 'send', room: 'lobby', text: 'x'.repeat(16_385) }))['code'],
    'too_long',
  );
});

test('ERR-1 ERR-2 ERR-3 ERR-4 an error has a code of the list, a message and the id, reaches those without id, and ends nothing', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  const answer = await ada.request({ type: 'dance' });
  assert.equal(answer['code'], 'unknown_type');
  ada.send({ type: 'dance' });
  ada.send({ type: 'send', room: 'lobby' });
  ada.send('nonsense');
  await ada.roundTrip();
  const errors = ada.received.filter((m) => m.type === 'error');
  assert.equal(errors.length, 4);
  for (const error of errors) {
    assert.ok(Object.hasOwn(ERRORS, String(error['code'])));
    assert.match(String(error['message']), /./);
  }
  assert.deepEqual(
    errors.slice(1).map((error) => 'id' in error),
    [false, false, false],
  );
});
