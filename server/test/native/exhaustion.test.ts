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
