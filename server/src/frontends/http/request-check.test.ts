import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { serveForTest } from './serve-for-test.ts';

describe('whose request it is', () => {
  test('D4 /ws with a foreign or null Origin, or a cookie and no Origin, is 403 before the upgrade', async (t) => {
    const front = await serveForTest();
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
    const front = await serveForTest({ publicUrl: 'https://chat.example.org' });
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
    const front = await serveForTest({ publicUrl: 'https://chat.example.org' });
    t.after(front.close);
    assert.equal(await front.upgrade('/ws', `Host: ${front.here}`, 'Origin: https://chat.example.org'), 101);
    assert.equal(
      await front.upgrade('/ws', 'Host: chat.example.org', 'Origin: https://chat.example.org'),
      101,
    );
    assert.equal(await front.upgrade('/ws', `Host: ${front.here}`, 'Origin: http://chat.example.org'), 403);
  });

  test('D5 a form or script of another site changes nothing, with any content type', async (t) => {
    const front = await serveForTest();
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
    const front = await serveForTest();
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
    const front = await serveForTest({ admitRequest: (address) => asked.push(address) < 2 });
    t.after(front.close);
    assert.equal((await front.ask('GET /healthz', `Host: ${front.here}`)).status, 200);
    const second = await front.ask('GET /', `Host: ${front.here}`);
    assert.equal(second.status, 429);
    assert.match(second.head, /retry-after: 1/);
    assert.deepEqual(asked, ['127.0.0.1', '127.0.0.1']);
  });
});
