import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { AddressInfo } from 'node:net';
import { createHttpFrontend, type HttpFrontend, type HttpFrontendOptions } from './http-frontend.ts';
import { CONTENT_SECURITY_POLICY } from './security-headers.ts';

const SCRIPT = 'console.log("page");\n'.repeat(50);
let base: string;
let folder: string;

before(async () => {
  base = await mkdtemp(join(tmpdir(), 'teahouse-http-'));
  folder = join(base, 'dist');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Teahouse</title>');
  await writeFile(join(folder, 'assets', 'main-abc123.js'), SCRIPT);
  await writeFile(join(folder, 'assets', 'main-abc123.js.gz'), gzipSync(SCRIPT));
  await writeFile(join(base, 'beside.txt'), 'not for the world');
});
after(() => rm(base, { recursive: true }));

/** A front end that listens on loopback, and one raw exchange with it. */
async function serve(options: Partial<HttpFrontendOptions> = {}) {
  const upgraded: string[] = [];
  const front: HttpFrontend = createHttpFrontend({
    pageFolder: folder,
    isHealthy: () => true,
    rsaPublicKey: () => null,
    onUpgrade: (request, socket) => {
      upgraded.push(request.url ?? '');
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    },
    ...options,
  });
  await front.ready();
  front.server.listen(0, '127.0.0.1');
  await once(front.server, 'listening');
  const { port } = front.server.address() as AddressInfo;

  /** Sends bytes as they are, and gives everything that comes back until the server closes. */
  async function exchange(bytes: string): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    socket.write(bytes);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString();
  }
  /** One request with these header lines; answers come with their status in front. */
  async function ask(
    request: string,
    ...headers: string[]
  ): Promise<{ status: number; head: string; body: string }> {
    const lines = [`${request} HTTP/1.1`, ...headers, 'Connection: close', '', ''];
    const answer = await exchange(lines.join('\r\n'));
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    return { status: Number(head.split(' ')[1]), head: head.toLowerCase(), body };
  }
  async function upgrade(path: string, ...headers: string[]): Promise<number> {
    const lines = [`GET ${path} HTTP/1.1`, ...headers, 'Connection: Upgrade', 'Upgrade: websocket', '', ''];
    return Number((await exchange(lines.join('\r\n'))).split(' ')[1]);
  }
  return { port, here: `127.0.0.1:${port}`, upgraded, exchange, ask, upgrade, ...front };
}

describe('the page', () => {
  test('is served with the content policy, asked for anew each time, its hashed files for ever', async (t) => {
    const front = await serve();
    t.after(front.close);
    const page = await fetch(`http://${front.here}/`);
    assert.equal(page.status, 200);
    assert.equal(page.headers.get('content-security-policy'), CONTENT_SECURITY_POLICY);
    assert.equal(page.headers.get('cache-control'), 'no-cache');
    assert.equal(page.headers.get('referrer-policy'), 'no-referrer');
    assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
    assert.match(await page.text(), /Teahouse/);

    const script = await fetch(`http://${front.here}/assets/main-abc123.js`, {
      headers: { 'accept-encoding': 'gzip' },
    });
    assert.equal(script.headers.get('content-encoding'), 'gzip');
    assert.match(script.headers.get('cache-control') ?? '', /immutable/);
    assert.match(script.headers.get('content-type') ?? '', /javascript/);
    assert.equal(await script.text(), SCRIPT);
  });

  test('that is not built is told with the command that builds it', async (t) => {
    const front = await serve({ pageFolder: join(folder, 'nowhere') });
    t.after(front.close);
    const answer = await fetch(`http://${front.here}/`);
    assert.equal(answer.status, 503);
    assert.match(await answer.text(), /npm run build --workspace web/);
  });

  test('E3 nothing outside its folder is reached, by any spelling of the way up', async (t) => {
    const front = await serve();
    t.after(front.close);
    for (const path of [
      '/../beside.txt',
      '/..%2fbeside.txt',
      '/%2e%2e/beside.txt',
      '/assets/..%5c..%5cbeside.txt',
      '/assets/../../beside.txt',
      '/%00',
      '/%zz',
    ]) {
      const { status, body } = await front.ask(`GET ${path}`, `Host: ${front.here}`);
      assert.ok(status === 400 || status === 403 || status === 404, `${path} got ${status}`);
      assert.doesNotMatch(body, /not for the world/);
    }
  });

  test('what is not there is 404, what only reads is 405, a plain GET of /ws is 426', async (t) => {
    const front = await serve();
    t.after(front.close);
    assert.equal((await front.ask('GET /nothing', `Host: ${front.here}`)).status, 404);
    const post = await front.ask('POST /healthz', `Host: ${front.here}`, 'Content-Length: 0');
    assert.equal(post.status, 405);
    assert.match(post.head, /allow: get, head/);
    assert.equal((await front.ask('GET /ws', `Host: ${front.here}`)).status, 426);
  });
});

describe('health and key', () => {
  test('health says 200, and 503 while stopping, until the end', async (t) => {
    let healthy = true;
    const front = await serve({ isHealthy: () => healthy });
    t.after(front.close);
    assert.equal((await fetch(`http://${front.here}/healthz`)).status, 200);
    healthy = false;
    assert.equal((await fetch(`http://${front.here}/healthz`)).status, 503);
  });

  test('the public key is given as PEM, and 404 where there is none', async (t) => {
    let pem: string | null = null;
    const front = await serve({ rsaPublicKey: () => pem });
    t.after(front.close);
    assert.equal((await fetch(`http://${front.here}/rsa-public-key.pem`)).status, 404);
    pem = '-----BEGIN PUBLIC KEY-----\n';
    assert.equal(await (await fetch(`http://${front.here}/rsa-public-key.pem`)).text(), pem);
  });

  test('close ends idle connections at once', async () => {
    const front = await serve();
    const socket = connect(front.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`GET /healthz HTTP/1.1\r\nHost: ${front.here}\r\n\r\n`);
    await once(socket, 'data');
    const closed = once(socket, 'close');
    await front.close();
    await closed;
    assert.equal(front.server.listening, false);
  });
});

describe('whose request it is', () => {
  test('D4 /ws with a foreign or null Origin, or a cookie and no Origin, is 403 before the upgrade', async (t) => {
    const front = await serve();
    t.after(front.close);
    const host = `Host: ${front.here}`;
    for (const headers of [
      ['Origin: http://evil.example'],
      ['Origin: null'],
      ['Origin: http://127.0.0.1'],
      [`Origin: http://127.0.0.1:${front.port + 1}`],
      [`Origin: http://127.0.0.1.evil.example:${front.port}`],
      ['Origin: file://'],
      ['Origin: '],
      ['Cookie: a=b'],
      [`Origin: http://${front.here}`, 'Origin: http://evil.example'],
    ]) {
      assert.equal(await front.upgrade('/ws', host, ...headers), 403, headers.join());
    }
    assert.deepEqual(front.upgraded, []);
    assert.equal(await front.upgrade('/ws', host), 101, 'a program');
    assert.equal(await front.upgrade('/ws', host, `Origin: http://${front.here}`), 101, 'the page');
    assert.equal(
      await front.upgrade('/ws', host, `Origin: http://${front.here}`, 'Cookie: a=b'),
      101,
      'the page with a cookie',
    );
    assert.equal(await front.upgrade('/other', host), 404);
    assert.deepEqual(front.upgraded, ['/ws', '/ws', '/ws']);
  });

  test('D4 a Host that is not ours is 421, for pages and for upgrades', async (t) => {
    const front = await serve({ publicUrl: 'https://chat.example.org' });
    t.after(front.close);
    for (const host of [
      'evil.example',
      `evil.example:${front.port}`,
      'localhost.evil.example',
      'local',
      '127.0.0.1@evil.example',
      'chat.example.org.evil.example',
      '',
    ]) {
      assert.equal((await front.ask('GET /', `Host: ${host}`)).status, 421, host);
      assert.equal(await front.upgrade('/ws', `Host: ${host}`), 421, host);
    }
    for (const host of [
      front.here,
      'localhost',
      'LOCALHOST:80',
      'localhost.',
      '[::1]:8080',
      '192.168.1.7:8080',
      'tea.local',
      `${hostname()}:8080`,
      'chat.example.org',
    ]) {
      assert.equal((await front.ask('GET /healthz', `Host: ${host}`)).status, 200, host);
    }
    assert.equal((await front.exchange('GET / HTTP/1.0\r\n\r\n')).split(' ')[1], '421');
    assert.deepEqual(front.upgraded, []);
  });

  test('D4 the page behind publicUrl is ours, whatever Host the proxy passes on', async (t) => {
    const front = await serve({ publicUrl: 'https://chat.example.org' });
    t.after(front.close);
    assert.equal(await front.upgrade('/ws', `Host: ${front.here}`, 'Origin: https://chat.example.org'), 101);
    assert.equal(
      await front.upgrade('/ws', 'Host: chat.example.org', 'Origin: https://chat.example.org'),
      101,
    );
    assert.equal(await front.upgrade('/ws', `Host: ${front.here}`, 'Origin: http://chat.example.org'), 403);
  });

  test('D5 a form or script of another site changes nothing, with any content type', async (t) => {
    const front = await serve();
    t.after(front.close);
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/json',
      ]) {
        const { status } = await front.ask(
          `${method} /`,
          `Host: ${front.here}`,
          'Origin: http://evil.example',
          `Content-Type: ${type}`,
          'Content-Length: 0',
        );
        assert.equal(status, 403, `${method} ${type}`);
      }
    }
    assert.equal(
      (await front.ask('POST /', `Host: ${front.here}`, 'Cookie: a=b', 'Content-Length: 0')).status,
      403,
    );
  });

  test('D6 the page cannot be framed, and no address leads elsewhere', async (t) => {
    const front = await serve();
    t.after(front.close);
    const { head } = await front.ask('GET /', `Host: ${front.here}`);
    assert.match(head, /frame-ancestors 'none'/);
    assert.match(head, /x-frame-options: deny/);
    assert.match(head, /cross-origin-opener-policy: same-origin/);
    for (const path of [
      '//evil.example',
      '//evil.example/..',
      '/\\evil.example',
      '/%2f/evil.example',
      '/assets',
      'http://evil.example/',
    ]) {
      const { status, head: answer } = await front.ask(`GET ${path}`, `Host: ${front.here}`);
      assert.ok(status >= 400, `${path} got ${status}`);
      assert.doesNotMatch(answer, /location:/);
      assert.match(answer, /content-security-policy/);
    }
  });

  test('an address that asks too much gets 429', async (t) => {
    const asked: string[] = [];
    const front = await serve({ admitRequest: (address) => asked.push(address) < 2 });
    t.after(front.close);
    assert.equal((await front.ask('GET /', `Host: ${front.here}`)).status, 200);
    const second = await front.ask('GET /', `Host: ${front.here}`);
    assert.equal(second.status, 429);
    assert.match(second.head, /retry-after: 1/);
    assert.deepEqual(asked, ['127.0.0.1', '127.0.0.1']);
  });
});

describe('what a request may cost', () => {
  test('F4 two thousand headers, or 8 KiB and more of them, are refused', async (t) => {
    const front = await serve();
    t.after(front.close);
    const many = Array.from({ length: 2_000 }, (_, i) => `X-${i}: ${i}`);
    assert.equal((await front.ask('GET /', `Host: ${front.here}`, ...many)).status, 431);
    assert.equal((await front.ask('GET /', `Host: ${front.here}`, `X: ${'x'.repeat(8_192)}`)).status, 431);
    assert.equal((await front.ask('GET /', `Host: ${front.here}`, `X: ${'x'.repeat(7_000)}`)).status, 200);
  });

  test('a body over the limit is 413', async (t) => {
    const front = await serve();
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
    const front = await serve({ limits: { headersMs: 400, bodyMs: 800 } });
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
    const front = await serve();
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
    const front = await serve();
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
