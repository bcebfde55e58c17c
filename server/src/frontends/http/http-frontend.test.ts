import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { CONTENT_SECURITY_POLICY } from './security-headers.ts';
import { serveForTest } from './serve-for-test.ts';

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

describe('the page', () => {
  test('is served with the content policy, asked for anew each time, its hashed files for ever', async (t) => {
    const front = await serveForTest({ pageFolder: folder });
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
    const front = await serveForTest({ pageFolder: join(folder, 'nowhere') });
    t.after(front.close);
    const answer = await fetch(`http://${front.here}/`);
    assert.equal(answer.status, 503);
    assert.match(await answer.text(), /npm run build --workspace web/);
  });

  test('E3 nothing outside its folder is reached, by any spelling of the way up', async (t) => {
    const front = await serveForTest({ pageFolder: folder });
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
    const front = await serveForTest({ pageFolder: folder });
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
    const front = await serveForTest({ isHealthy: () => healthy });
    t.after(front.close);
    assert.equal((await fetch(`http://${front.here}/healthz`)).status, 200);
    healthy = false;
    assert.equal((await fetch(`http://${front.here}/healthz`)).status, 503);
  });

  test('the public key is given as PEM, and 404 where there is none', async (t) => {
    let pem: string | null = null;
    const front = await serveForTest({ rsaPublicKey: () => pem });
    t.after(front.close);
    assert.equal((await fetch(`http://${front.here}/rsa-public-key.pem`)).status, 404);
    pem = '-----BEGIN PUBLIC KEY-----\n';
    assert.equal(await (await fetch(`http://${front.here}/rsa-public-key.pem`)).text(), pem);
  });

  test('join.json tells where else people can come in', async (t) => {
    const ways = { pages: ['http://192.168.1.7:8080/'], listeners: [{ scheme: 'tcp', port: 8089 }] };
    const front = await serveForTest({ waysIn: () => ways });
    t.after(front.close);
    const answer = await fetch(`http://${front.here}/join.json`);
    assert.match(answer.headers.get('content-type') ?? '', /json/);
    assert.deepEqual(await answer.json(), ways);
  });

  test('close ends idle connections at once', async () => {
    const front = await serveForTest({ pageFolder: folder });
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
