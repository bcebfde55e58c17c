import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { UserError } from '../user-error.ts';
import { DEFAULTS, environmentName, readConfig } from './config.ts';
import type { ConfigSources } from './config.ts';
import { formatExample } from './example.ts';
import { KEYS } from './keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'teahouse-config-'));
after(() => rmSync(folder, { recursive: true }));

function read(toml: string, more: Partial<ConfigSources> = {}) {
  const file = join(folder, 'some.toml');
  writeFileSync(file, toml);
  return readConfig({ file, dataFolder: folder, env: {}, ...more });
}

/** What the operator is told. */
function complaint(toml: string, env: ConfigSources['env'] = {}): string {
  try {
    read(toml, { env });
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error.message.replaceAll(folder, '');
  }
  return assert.fail('this config was accepted');
}

describe('the example file', () => {
  test('is the one that the table of keys gives: run "node server/src/config/write-example.ts"', () => {
    const committed = readFileSync(new URL('../../../docs/teahouse.example.toml', import.meta.url), 'utf8');
    assert.equal(committed, formatExample());
  });

  test('gives exactly the defaults, as it is and with every key taken in', () => {
    const example = formatExample();
    assert.deepEqual(read(example), DEFAULTS);
    const active = example.replaceAll(/^#(?=\w)/gm, '');
    assert.deepEqual(read(active), DEFAULTS);
    const keys = Object.values(KEYS).flatMap((section) => Object.keys(section));
    assert.equal(active.match(/^\w+ = /gm)?.length, keys.length);
  });
});

describe('where a value comes from', () => {
  test('a flag goes over the environment, that over the file, that over the default', () => {
    const toml = '[server]\nlisten = ["tcp://:1"]\n[limits]\nholdSeconds = 1\nsessionDays = 1';
    const env = { TEAHOUSE_SERVER_LISTEN: 'tcp://:2', TEAHOUSE_LIMITS_HOLD_SECONDS: '2' };
    const config = read(toml, { env, listen: ['tcp://:3', 'http://:4'] });
    assert.deepEqual(
      config.server.listen.map(({ port }) => port),
      [3, 4],
    );
    assert.equal(config.limits.holdSeconds, 2);
    assert.equal(config.limits.sessionDays, 1);
    assert.equal(config.limits.lineBytes, 65_536);
    assert.deepEqual(
      read(toml, { env }).server.listen.map(({ port }) => port),
      [2],
    );
    assert.deepEqual(
      read(toml).server.listen.map(({ port }) => port),
      [1],
    );
  });

  test('teahouse.toml in the data folder is read if it is there, and may be missing', () => {
    assert.deepEqual(readConfig({ dataFolder: folder, env: {} }), DEFAULTS);
    writeFileSync(join(folder, 'teahouse.toml'), '[lobby]\ntopic = "茶"');
    assert.equal(readConfig({ dataFolder: folder, env: {} }).lobby.topic, '茶');
    rmSync(join(folder, 'teahouse.toml'));
  });

  test('every kind of value can be given in the environment', () => {
    const env = {
      TEAHOUSE_RATES_EXEMPT: '192.0.2.0/24, 2001:db8::1',
      TEAHOUSE_RATES_NICK_PER_PERSON: '1/30s burst 3',
      TEAHOUSE_RSA_BITS: '3072',
      TEAHOUSE_LOG_LEVEL: 'error',
      TEAHOUSE_SERVER_PUBLIC_URL: 'https://chat.example.org/',
      TEAHOUSE_CLASSIC_TIME_ZONE: 'Asia/Shanghai',
    };
    const config = readConfig({ dataFolder: folder, env });
    assert.deepEqual(config.rates.exempt, ['192.0.2.0/24', '2001:db8::1']);
    assert.deepEqual(config.rates.nickPerPerson, { perSecond: 1 / 30, burst: 3 });
    assert.equal(config.rsa.bits, 3072);
    assert.equal(config.log.level, 'error');
    assert.equal(config.server.publicUrl, 'https://chat.example.org');
    assert.equal(config.classic.timeZone, 'Asia/Shanghai');
  });

  test('no two keys share a name in the environment', () => {
    const names = Object.entries(KEYS).flatMap(([section, keys]) =>
      Object.keys(keys).map((key) => environmentName(section, key)),
    );
    assert.equal(new Set(names).size, names.length);
  });

  test('the config is frozen, lists and sections too', () => {
    const config = read('');
    for (const value of [
      config,
      config.server,
      config.limits,
      config.server.listen,
      config.server.listen[0],
      config.rates.exempt,
    ]) {
      assert.ok(Object.isFrozen(value));
    }
  });
});

describe('a mistake is told in one sentence with place, key and what is allowed', () => {
  const cases: readonly (readonly [name: string, toml: string, said: string])[] = [
    [
      'an unknown key',
      '[limits]\nlineByte = 1',
      '/some.toml: limits.lineByte is no key of the config; did you mean lineBytes?',
    ],
    [
      'an unknown section',
      '[limit]\na = 1',
      '/some.toml: [limit] is no section of the config; did you mean limits?',
    ],
    [
      'a key named like a property of objects',
      '[limits]\nconstructor = 1',
      '/some.toml: limits.constructor is no key of the config; docs/teahouse.example.toml lists them all.',
    ],
    [
      'a section that is none',
      'limits = 3',
      '/some.toml: limits is a section; write [limits] on a line of its own and its keys below.',
    ],
    [
      'a wrong type',
      '[limits]\nlineBytes = "many"',
      '/some.toml: limits.lineBytes is "many", but must be a whole number of bytes from 1024 to 65536.',
    ],
    [
      'out of bounds',
      '[limits]\nlineBytes = 65537',
      '/some.toml: limits.lineBytes is 65537, but must be a whole number of bytes from 1024 to 65536.',
    ],
    [
      'a fraction',
      '[limits]\nholdSeconds = 1.5',
      '/some.toml: limits.holdSeconds is 1.5, but must be a whole number of seconds from 0 to 3600.',
    ],
    [
      'a bad rate',
      '[rates]\nsendPerPerson = "0/s"',
      '/some.toml: rates.sendPerPerson is "0/s", but must be a rate such as "2/s burst 20", "30/min" or "1/30s burst 3".',
    ],
    [
      'a bad word',
      '[log]\nlevel = "loud"',
      '/some.toml: log.level is "loud", but must be one of "info", "warn", "error".',
    ],
    [
      'a bad network',
      '[rates]\nexempt = ["10.0.0.0/33"]',
      '/some.toml: rates.exempt is ["10.0.0.0/33"], but must be a list of addresses and networks such as ["192.0.2.7", "2001:db8::/32"].',
    ],
    [
      'a control character',
      '[lobby]\ntopic = "a\\u001bb"',
      '/some.toml: lobby.topic is "a\\u001bb", but must be a text of at most 250 characters on one line.',
    ],
    [
      'an unknown zone',
      '[classic]\ntimeZone = "Mars/Base"',
      '/some.toml: classic.timeZone is "Mars/Base", but must be "system" or a zone such as "Asia/Shanghai".',
    ],
    [
      'an address with a path',
      '[server]\npublicUrl = "https://a.example/b"',
      '/some.toml: server.publicUrl is "https://a.example/b", but must be an address such as "https://chat.example.org" without a path, or "".',
    ],
  ];
  for (const [name, toml, said] of cases) test(name, () => assert.equal(complaint(toml), said));

  test('text that is no TOML, with line and column', () => {
    assert.match(
      complaint('[log]\nlevel = loud'),
      /^\/some\.toml, line 2, column 9: this is not TOML \([^\n]+\)\.$/,
    );
  });

  test('a bad value in the environment, and a name that is none of ours', () => {
    assert.equal(
      complaint('', { TEAHOUSE_LIMITS_HOLD_SECONDS: 'long' }),
      'The environment variable TEAHOUSE_LIMITS_HOLD_SECONDS is "long", but must be a whole number of seconds from 0 to 3600.',
    );
    assert.equal(
      complaint('', { TEAHOUSE_LIMITS_HOLD_SECOND: '1' }),
      'The environment variable TEAHOUSE_LIMITS_HOLD_SECOND is no key of the config; did you mean TEAHOUSE_LIMITS_HOLD_SECONDS?',
    );
    assert.deepEqual(readConfig({ dataFolder: folder, env: { TEAHOUSE_NAME: 'ada' } }), DEFAULTS);
  });

  test('a file that is named and not there', () => {
    assert.throws(
      () => readConfig({ file: join(folder, 'none.toml'), dataFolder: folder, env: {} }),
      (error) => error instanceof UserError && /none\.toml is not there/.test(error.message),
    );
  });
});
