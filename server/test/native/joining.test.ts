import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  comeIn,
  connectNative,
  startTestServer,
  temporaryFolder,
  type Message,
  type NativeClient,
} from '../harness.ts';

/** Entries received, without answers and events. */
const entriesOf = (client: NativeClient): Message[] =>
  client.received.filter((m) => 'seq' in m && 'from' in m);
const seqsOf = (client: NativeClient) => entriesOf(client).map((m) => m['seq'] as number);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

async function say(client: NativeClient, count: number, text = 'x'): Promise<void> {
  const done = [];
  for (let index = 0; index < count; index += 1)
    done.push(client.ok({ type: 'send', room: 'lobby', text: `${text}${index}` }));
  await Promise.all(done);
}

test('JOIN-1 JOIN-2 without since the answer says where the room is, and only what comes next follows', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  await say(ada, 5);
  const bob = await comeIn(t, server.port('tcp'), 'Bob', { room: null });
  const answer = await bob.ok({ type: 'join', room: 'lobby' });
  assert.deepEqual(answer['room'], { name: 'lobby', topic: '', lastSeq: 6, people: 2 });
  assert.equal(answer['from'], 7);
  assert.deepEqual(
    (answer['members'] as { nick: string }[]).map((member) => member.nick),
    ['Ada', 'Bob'],
  );
  await bob.ok({ type: 'send', room: 'lobby', text: 'now' });
  await bob.until('the message', (m) => m['text'] === 'now');
  assert.deepEqual(seqsOf(bob), [7, 8]);
});

test('JOIN-3 JOIN-4 HIST-9 with since everything after it is replayed as it was live, then goes on', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada', { since: 0 });
  await ada.ok({ type: 'send', room: 'lobby', text: 'first 你好', key: 'k1' });
  await ada.ok({ type: 'edit', room: 'lobby', of: 2, text: 'changed' });
  await say(ada, 3);
  await ada.until('all', (m) => m['seq'] === 6);
  const bob = await comeIn(t, server.port('tcp'), 'Bob', { since: 2 });
  await bob.until('the own enter', (m) => m['seq'] === 7);
  assert.deepEqual(seqsOf(bob), range(3, 7));
  const whole = await comeIn(t, server.port('tcp'), 'Eve', { since: 0 });
  await whole.until('the own enter', (m) => m['seq'] === 8);
  assert.deepEqual(entriesOf(whole).slice(0, 6), entriesOf(ada).slice(0, 6));
});

test('JOIN-5 a gap of more than the limit is replayed from where the limit allows, and says truncated', async (t) => {
  const server = await startTestServer(t, { config: { limits: { replayEntries: 10 } } });
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  await say(ada, 40);
  const bob = await comeIn(t, server.port('tcp'), 'Bob', { room: null });
  const answer = await bob.ok({ type: 'join', room: 'lobby', since: 5 });
  assert.deepEqual([answer['truncated'], answer['from']], [true, 32]);
  await bob.until('the own enter', (m) => m.type === 'enter' && m['seq'] === 42);
  assert.deepEqual(seqsOf(bob), range(32, 42));
  const near = await comeIn(t, server.port('tcp'), 'Eve', { room: null });
  assert.equal('truncated' in (await near.ok({ type: 'join', room: 'lobby', since: 35 })), false);
});

test('JOIN-5 a replay ends at 512 KiB too, after a restart as well', async (t) => {
  const folder = await temporaryFolder(t);
  const first = await startTestServer(t, { folder });
  const ada = await comeIn(t, first.port('tcp'), 'Ada');
  await say(ada, 60, 'x'.repeat(16_000));
  await first.stop();
  const second = await startTestServer(t, { folder });
  for (const nick of ['Bob', 'Eve']) {
    const client = await comeIn(t, second.port('tcp'), nick, { room: null });
    const answer = await client.ok({ type: 'join', room: 'lobby', since: 0 });
    assert.equal(answer['truncated'], true);
    await client.until(
      'the own enter',
      (m) => m.type === 'enter' && (m['from'] as { nick: string }).nick === nick,
    );
    assert.deepEqual(seqsOf(client), range(answer['from'] as number, seqsOf(client).at(-1) ?? 0));
    const bytes = entriesOf(client).reduce((sum, m) => sum + JSON.stringify(m).length, 0);
    assert.ok(bytes > 400_000 && bytes < 560_000, `${bytes} bytes`);
  }
});

test('JOIN-6 another log, or a since past the end, says reset and replays from the beginning', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  await say(ada, 3);
  for (const [nick, request] of [
    ['Bob', { since: 2, log: 'another' }],
    ['Eve', { since: 999 }],
  ] as const) {
    const client = await comeIn(t, server.port('tcp'), nick, { room: null });
    const answer = await client.ok({ type: 'join', room: 'lobby', ...request });
    assert.deepEqual([answer['reset'], answer['from']], [true, 1]);
    await client.until(
      'the own enter',
      (m) => m.type === 'enter' && (m['from'] as { nick: string }).nick === nick,
    );
    assert.equal(seqsOf(client)[0], 1);
  }
  const hello = ada.received[0];
  const same = await comeIn(t, server.port('tcp'), 'Sam', { room: null });
  assert.equal(
    'reset' in (await same.ok({ type: 'join', room: 'lobby', since: 2, log: hello?.['log'] })),
    false,
  );
});

test('JOIN-8 joining again on one connection starts its replay anew', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada', { since: 0 });
  await say(ada, 2);
  await ada.until('all', (m) => m['seq'] === 3);
  await ada.ok({ type: 'join', room: 'lobby', since: 1 });
  await ada.ok({ type: 'send', room: 'lobby', text: 'after' });
  await ada.until('the message', (m) => m['text'] === 'after');
  assert.deepEqual(seqsOf(ada), [1, 2, 3, 2, 3, 4]);
});

test('JOIN-9 leave takes the person out on all their connections, and nothing comes after it', async (t) => {
  const server = await startTestServer(t);
  const bob = await comeIn(t, server.port('tcp'), 'Bob');
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  const second = await connectNative(t, server.port('tcp'));
  await second.ok({ type: 'login', session: ada.session });
  await second.ok({ type: 'join', room: 'lobby' });
  await ada.ok({ type: 'leave', room: 'lobby' });
  const left = await bob.until('the leave', (m) => m.type === 'leave');
  await bob.ok({ type: 'send', room: 'lobby', text: 'secret' });
  await Promise.all([ada.roundTrip(), second.roundTrip()]);
  for (const client of [ada, second])
    assert.ok(seqsOf(client).every((seq) => seq <= (left['seq'] as number)));
  for (const client of [ada, second]) {
    assert.equal((await client.request({ type: 'send', room: 'lobby', text: 'x' }))['code'], 'not_in_room');
  }
});

test('PROMISE-3 a thousand joins in the middle of a stream miss nothing and get nothing twice', async (t) => {
  const server = await startTestServer(t);
  const writer = await comeIn(t, server.port('tcp'), 'Writer');
  const reader = await comeIn(t, server.port('tcp'), 'Reader', { since: 0 });
  let writing = true;
  const write = (async () => {
    for (let count = 0; writing; count += 1)
      await writer.ok({ type: 'send', room: 'lobby', text: `${count}` });
  })();
  for (let round = 0; round < 1_000; round += 1) {
    const before = reader.received.length;
    const since = seqsOf(reader).at(-1) ?? 0;
    const answer = await reader.ok({ type: 'join', room: 'lobby', since: Math.max(0, since - 20) });
    const at = reader.received.indexOf(answer);
    const live = reader.received.slice(before, at).filter((m) => 'from' in m && 'seq' in m);
    assert.deepEqual(
      live.map((m) => m['seq']),
      range(since + 1, since + live.length),
    );
    await reader.roundTrip();
    const after = reader.received.slice(at).filter((m) => 'from' in m && 'seq' in m);
    assert.deepEqual(
      after.map((m) => m['seq']),
      range(answer['from'] as number, (answer['from'] as number) + after.length - 1),
    );
    assert.ok(
      (answer['from'] as number) + after.length - 1 >= (answer['room'] as { lastSeq: number }).lastSeq,
    );
  }
  writing = false;
  await write;
});
