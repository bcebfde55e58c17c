import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { UserError } from '../user-error.ts';
import { DEFAULT_LISTEN, formatListener, keepLocal, parseListener } from './listeners.ts';

describe('a listener as a URL', () => {
  const cases = [
    ['http://[::]:8080', { scheme: 'http', host: '::', port: 8080, room: null }],
    ['http://0.0.0.0:80/', { scheme: 'http', host: '0.0.0.0', port: 80, room: null }],
    ['tcp://', { scheme: 'tcp', host: '::', port: 8089, room: 'lobby' }],
    ['tcp://:0', { scheme: 'tcp', host: '::', port: 0, room: 'lobby' }],
    ['tcp://localhost:9/garden', { scheme: 'tcp', host: 'localhost', port: 9, room: 'garden' }],
    ['rsa-line://127.0.0.1/%E8%8C%B6', { scheme: 'rsa-line', host: '127.0.0.1', port: 8887, room: '茶' }],
    ['login-byte://[::1]/', { scheme: 'login-byte', host: '::1', port: 8888, room: 'lobby' }],
  ] as const;
  for (const [url, listener] of cases) {
    test(`${url} is read`, () => {
      assert.deepEqual(parseListener(url), listener);
      assert.deepEqual(parseListener(formatListener(listener)), listener);
    });
  }

  test('the defaults are the four front ends on their ports', () => {
    assert.deepEqual(DEFAULT_LISTEN, [
      'http://[::]:8080',
      'tcp://[::]:8089',
      'rsa-line://[::]:8887',
      'login-byte://[::]:8888',
    ]);
    assert.deepEqual(
      DEFAULT_LISTEN.map((url) => formatListener(parseListener(url))),
      DEFAULT_LISTEN,
    );
  });

  const refused = [
    ['irc://[::]:6667', /schemes are http:\/\/, tcp:\/\/, rsa-line:\/\/, login-byte:\/\//],
    ['constructor://:1', /Nothing here listens on constructor/],
    ['8080', /write it as scheme:\/\/host:port/],
    ['tcp://host:99999', /port must be from 0 to 65535/],
    ['tcp://a:b:c', /write it as/],
    ['http://:80/page', /takes no path; write http:\/\/:80\/\./],
    ['tcp://:1/%ff', /percent-encoded/],
  ] as const;
  for (const [url, said] of refused) {
    test(`${url} is refused in a sentence`, () => {
      assert.throws(
        () => parseListener(url),
        (error) => error instanceof UserError && said.test(error.message),
      );
    });
  }
});

describe('--local', () => {
  test('keeps every address to loopback', () => {
    assert.equal(keepLocal(parseListener('tcp://:1')).host, '127.0.0.1');
    assert.equal(keepLocal(parseListener('tcp://0.0.0.0:1')).host, '127.0.0.1');
    assert.equal(keepLocal(parseListener('tcp://[::1]:1')).host, '::1');
  });

  test('does not go with a listener on another address', () => {
    assert.throws(() => keepLocal(parseListener('tcp://192.0.2.1:1')), UserError);
    assert.throws(() => keepLocal(parseListener('tcp://127.evil.example:1')), UserError);
  });
});
