import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';

import { comeIn, connectNative, startTestServer, withPatience } from '../harness.ts';

test('F5 connections that are reset or half closed at once leave nothing behind, and others are served', async (t) => {
  const server = await startTestServer(t);
  const witness = await comeIn(t, server.port('tcp'), 'Witness');
  for (let round = 0; round < 10; round += 1) {
    const sockets = Array.from({ length: 200 }, () =>
      connect({ port: server.port('tcp'), host: '127.0.0.1', allowHalfOpen: true }),
    );
    await Promise.all(
      sockets.map(
        (socket, index) =>
          new Promise<void>((resolve) => {
            socket.on('error', () => socket.destroy());
            socket.once('close', () => resolve());
            socket.once('connect', () => {
              if (index % 3 === 0) socket.resetAndDestroy();
              else if (index % 3 === 1) socket.destroy();
              else {
                socket.resume();
                socket.once('end', () => socket.destroy());
                socket.end();
              }
            });
          }),
      ),
    );
    await witness.roundTrip();
  }
  const closings = (): number => server.journal.filter((event) => event.kind === 'disconnected').length;
  while (closings() < 2_000) await witness.roundTrip();
  assert.equal(
    server.journal.some((event) => event.kind === 'trouble'),
    false,
  );
});

test('F10 a nickname of thousands of marks is refused before any work is done on it, and nobody notices', async (t) => {
  const server = await startTestServer(t);
  const witness = await comeIn(t, server.port('tcp'), 'Witness');
  const nick = `a${'\u0301'.repeat(15_000)}${'\u0316'.repeat(15_000)}`;
  const before = process.cpuUsage();
  for (let count = 0; count < 5; count += 1) {
    const client = await connectNative(t, server.port('tcp'));
    assert.equal((await client.request({ type: 'login', nick }))['code'], 'bad_nick');
    assert.equal((await witness.request({ type: 'create', room: nick }))['code'], 'bad_room');
  }
  // Normalising one of them took over half a second of processor; all of this together takes a fraction.
  assert.ok(process.cpuUsage(before).user < 2_000_000);
});

test('PROMISE-4 F10 a burst of long messages in one turn cuts off nobody who reads, and stays readable', async (t) => {
  const server = await startTestServer(t);
  const reader = await comeIn(t, server.port('tcp'), 'Reader');
  const writer = await comeIn(t, server.port('tcp'), 'Writer');
  const text = '\u0001'.repeat(10_800);
  const line = `${JSON.stringify({ type: 'send', room: 'lobby', text })}\n`;
  writer.socket.write(line.repeat(30));
  for (const client of [reader, writer]) {
    await client.until(
      'all of them',
      () => client.received.filter((m) => m.type === 'message').length === 30,
    );
    const page = await client.ok({ type: 'history', room: 'lobby' });
    assert.equal(page['more'], true);
  }
  const late = await comeIn(t, server.port('tcp'), 'Late', { since: 0 });
  await late.until(
    'the own enter',
    (m) => m.type === 'enter' && (m['from'] as { nick: string }).nick === 'Late',
  );
});

test('F7 topics of control characters do not make the list of rooms too long to be read', async (t) => {
  const server = await startTestServer(t);
  const ada = await comeIn(t, server.port('tcp'), 'Ada');
  const topic = '\u0001'.repeat(1_024);
  for (let count = 0; count < 120; count += 1) await ada.ok({ type: 'create', room: `r${count}`, topic });
  const names: string[] = [];
  for (let more: unknown = true; more === true;) {
    const after = names.at(-1);
    const page = await ada.ok({ type: 'rooms', ...(after === undefined ? {} : { after }) });
    names.push(...(page['rooms'] as { name: string }[]).map((room) => room.name));
    more = page['more'];
  }
  assert.equal(new Set(names).size, 121);
});

test('F11 ten thousand bad lines are each answered or their writer is closed, and nobody else notices', async (t) => {
  const server = await startTestServer(t);
  const witness = await comeIn(t, server.port('tcp'), 'Witness');
  const bad = await comeIn(t, server.port('tcp'), 'Bad');
  bad.socket.write('nonsense\n'.repeat(10_000));
  await witness.roundTrip();
  await bad.roundTrip();
  assert.equal(bad.received.filter((m) => m['code'] === 'bad_request').length, 10_000);
});

test('F11 bad lines past the rate are refused for the rate, and the sender may go on later', async (t) => {
  const server = await startTestServer(t, { rateLimits: true });
  const bad = await comeIn(t, server.port('tcp'), 'Bad');
  bad.socket.write('nonsense\n'.repeat(1_000));
  await bad.until('a refusal', (m) => m['code'] === 'rate_limited');
  assert.equal(bad.socket.destroyed, false);
});

test('F10 a client that asks for history without reading is closed when its queue is full, and memory stays bounded', async (t) => {
  const server = await startTestServer(t, { config: { limits: { outboxBytes: 655_360 } } });
  const writer = await comeIn(t, server.port('tcp'), 'Writer');
  for (let count = 0; count < 40; count += 1)
    await writer.ok({ type: 'send', room: 'lobby', text: 'x'.repeat(16_000) });
  const greedy = await connectNative(t, server.port('tcp'));
  await greedy.ok({ type: 'login', nick: 'Greedy' });
  greedy.socket.pause();
  greedy.socket.write('{"type":"history","id":"h","room":"lobby","limit":500}\n'.repeat(200));
  while (!server.journal.some((event) => event.kind === 'disconnected' && event.reason === 'slow_consumer'))
    await writer.roundTrip();
  greedy.socket.resume();
  await withPatience('the end', greedy.closed);
  assert.equal(greedy.received.at(-1)?.['code'], 'slow_consumer');
});
