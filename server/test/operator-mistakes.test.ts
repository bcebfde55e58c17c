import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { comeIn, temporaryFolder } from './harness.ts';
import { complaint, portOf, startTeahouse } from './process.ts';

const TCP = ['--listen', 'tcp://127.0.0.1:0'];

describe('a mistake of the operator ends it with exit code 2 and one sentence:', () => {
  test('a data folder that another server holds, and none that a killed one held', async (t) => {
    const data = await temporaryFolder(t);
    const first = startTeahouse(t, ['serve', '--data', data, ...TCP]);
    await comeIn(t, await portOf(first, 'tcp'), 'ada');
    assert.match(
      await complaint(startTeahouse(t, ['serve', '--data', data, ...TCP])),
      /in use by another server \(process \d+\): stop that one, or give --data another folder/,
    );
    first.child.kill('SIGKILL');
    await first.ended;
    const second = startTeahouse(t, ['serve', '--data', data, ...TCP]);
    await comeIn(t, await portOf(second, 'tcp'), 'bob');
  });

  test('a taken port', async (t) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    t.after(() => other.close());
    const { port } = other.address() as AddressInfo;
    for (const scheme of ['http', 'tcp', 'rsa-line', 'login-byte']) {
      const server = startTeahouse(t, [
        'serve',
        '--data',
        await temporaryFolder(t),
        '--listen',
        `${scheme}://127.0.0.1:${port}`,
      ]);
      assert.match(await complaint(server), new RegExp(`${port}`));
    }
  });

  test('an unknown scheme, an unknown option, an unknown sub-command', async (t) => {
    const data = await temporaryFolder(t);
    assert.match(
      await complaint(startTeahouse(t, ['serve', '--data', data, '--listen', 'irc://:6667'])),
      /Nothing here listens on irc:\/\//,
    );
    for (const words of [['serve', '--locl'], ['serv']]) {
      const { code, stderr } = await startTeahouse(t, words).ended;
      assert.equal(code, 2);
      assert.match(stderr, /Did you mean/);
      assert.doesNotMatch(stderr, / at /);
    }
    assert.deepEqual(readdirSync(data), []);
  });

  test('a config that is not there, is no TOML, or has an unknown key', async (t) => {
    const data = await temporaryFolder(t);
    const file = join(data, 'my.toml');
    const serve = () => startTeahouse(t, ['serve', '--data', data, '--config', file]);
    assert.match(await complaint(serve()), /my\.toml is not there/);
    writeFileSync(file, '[limits\n');
    assert.match(await complaint(serve()), /my\.toml, line 1, column \d+: this is not TOML/);
    writeFileSync(file, '[limits]\nlineByte = 3\n');
    assert.match(
      await complaint(serve()),
      /limits\.lineByte is no key of the config; did you mean lineBytes\?/,
    );
  });

  test('a file in place of the data folder, a key that others may read', async (t) => {
    const data = await temporaryFolder(t);
    writeFileSync(join(data, 'file'), '');
    assert.match(
      await complaint(startTeahouse(t, ['serve', '--data', join(data, 'file'), ...TCP])),
      /a file, or a link that leads nowhere, is in its place/,
    );
    writeFileSync(join(data, 'rsa-line.pem'), 'key');
    chmodSync(join(data, 'rsa-line.pem'), 0o640);
    assert.match(
      await complaint(startTeahouse(t, ['serve', '--data', data, '--listen', 'rsa-line://127.0.0.1:0'])),
      /Others than its owner may read .*rsa-line\.pem/,
    );
  });
});
