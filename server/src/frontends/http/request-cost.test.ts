import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { serveForTest } from './serve-for-test.ts';

describe('what a request may cost', () => {
  test('F4 two thousand headers, or 8 KiB and more of them, are refused', async (t) => {
    const front = await serveForTest();
    t.after(front.close);
    const many = Array.from({ length: 2_000 }, (_, i) => `X-${i}: ${i}`);
    assert.equal((await front.ask('GET /', `Host: ${front.here}`, ...many)).status, 431);
    assert.equal((await front.ask('GET /', `Host: ${front.here}`, `X: ${'x'.repeat(8_192)}`)).status, 431);
    assert.equal(
      (await front.ask('GET /healthz', `Host: ${front.here}`, `X: ${'x'.repeat(7_000)}`)).status,
      200,
    );
  });

  test('a body over the limit is 413', async (t) => {
    const front = await serveForTest();
    t.after(front.close);
    const { status } = await front.ask(
      'POST /',
      `Host: ${front.here}`,
      'Content-Type: application/json',
      'Content-Length: 65537',
    );
    assert.equal(status, 413);
  });

  test('F1 headers that do not end in time close the connection, however they trickle', async (t) => {
    const front = await serveForTest({ limits: { headersMs: 400, bodyMs: 800 } });
    t.after(front.close);
    for (const opening of ['GET / HTTP/1.1\r\nHost: localhost\r\nX', '']) {
      const socket = connect(front.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.resume();
      socket.write(opening);
      const trickle = setInterval(() => socket.write(opening === '' ? '' : 'x'), 40);
      const started = performance.now();
      await once(socket, 'close');
      clearInterval(trickle);
      assert.ok(performance.now() - started < 3_000);
    }
    assert.equal((await fetch(`http://${front.here}/healthz`)).status, 200, 'others notice nothing');
  });

  test('F5 a peer that resets while it is being refused harms nobody', async (t) => {
    const front = await serveForTest();
    t.after(front.close);
    for (let i = 0; i < 50; i++) {
      const socket = connect(front.port, '127.0.0.1');
      await once(socket, 'connect');
      socket.on('error', () => undefined);
      socket.write(`GET /ws HTTP/1.1\r\nHost: evil\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
      socket.resetAndDestroy();
    }
    assert.equal((await fetch(`http://${front.here}/healthz`)).status, 200);
  });

  test('an offer of HTTP/2 by upgrade is answered as plain HTTP', async (t) => {
    const front = await serveForTest();
    t.after(front.close);
    const { status } = await front.ask(
      'GET /healthz',
      `Host: ${front.here}`,
      'Connection: Upgrade, HTTP2-Settings',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAAQAAP__',
    );
    assert.equal(status, 200);
  });
});
