import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { comeIn, connectNative, temporaryFolder, withPatience } from './harness.ts';
import { portOf, startProcess, startTeahouse, TEAHOUSE } from './process.ts';

const TCP = ['--listen', 'tcp://127.0.0.1:0'];

/** The sentence that ended it: one line, no stack, exit code 2. */
async function complaint(process: ReturnType<typeof startTeahouse>): Promise<string> {
  const { code, stdout, stderr } = await withPatience('its end', process.ended);
  assert.equal(code, 2, stdout + stderr);
  assert.equal(stdout, '');
  assert.match(stderr, /^teahouse: [^\n]+[.?]\n$/);
  return stderr;
}

describe(
  'teahouse serve starts',
  { skip: process.platform === 'win32' && 'it is about signals and modes' },
  () => {
    test('with a greeting, and then in a pipe one JSON line for each listener', async (t) => {
      const data = await temporaryFolder(t);
      const listen = ['http', 'tcp', 'rsa-line', 'login-byte'].flatMap((scheme) => [
        '--listen',
        `${scheme}://127.0.0.1:0`,
      ]);
      const server = startTeahouse(t, ['serve', '--data', data, ...listen]);
      const http = await portOf(server, 'http');
      await portOf(server, 'login-byte');
      const [greeting = '', ...log] = server.stdout().split('\n{');
      assert.match(greeting, /Teahouse \d+\.\d+\.\d+ is open\./);
      assert.ok(greeting.includes(data));
      assert.ok(!server.stdout().includes('\x1b') && !greeting.includes('█'));
      const events = log.map((line) => JSON.parse(`{${line}`) as { kind: string; frontend?: string });
      assert.deepEqual(
        events.filter(({ kind }) => kind === 'listening').map(({ frontend }) => frontend),
        ['http', 'tcp', 'rsa-line', 'login-byte'],
      );
      assert.equal(events.filter(({ kind }) => kind === 'notice').length, process.getuid?.() === 0 ? 1 : 0);
      const health = await fetch(`http://127.0.0.1:${http}/healthz`);
      assert.equal(health.status, 200);
    });

    test('as one process, with a small young generation', async (t) => {
      const server = startTeahouse(t, ['serve', '--data', await temporaryFolder(t), ...TCP]);
      await portOf(server, 'tcp');
      const args = execFileSync('ps', ['-o', 'args=', '-p', String(server.child.pid)], { encoding: 'utf8' });
      assert.match(args, /--max-semi-space-size=\d+ .*teahouse\.js serve/);
    });

    test("G1 with everything its owner's alone, even under umask 0", async (t) => {
      const data = join(await temporaryFolder(t), 'data');
      const command = `umask 0; exec "$0" "$@"`;
      const args = [
        process.execPath,
        TEAHOUSE,
        'serve',
        '--data',
        data,
        ...TCP,
        '--listen',
        'rsa-line://127.0.0.1:0',
      ];
      const server = startProcess(t, 'sh', ['-c', command, ...args]);
      await comeIn(t, await portOf(server, 'tcp'), 'ada');
      assert.equal((statSync(data).mode & 0o777).toString(8), '700');
      const files = readdirSync(data, { recursive: true, encoding: 'utf8' });
      assert.ok(
        files.includes('rsa-line.pem') && files.includes('control.sock') && files.length >= 3,
        String(files),
      );
      for (const file of files) {
        const { mode } = statSync(join(data, file));
        assert.equal((mode & 0o077).toString(8), '0', file);
      }
    });

    test('with flag over environment over file', async (t) => {
      const data = await temporaryFolder(t);
      writeFileSync(
        join(data, 'teahouse.toml'),
        '[server]\nlisten = ["tcp://127.0.0.1:0/file"]\n[lobby]\ntopic = "of the file"\n',
      );
      const opened = async (args: readonly string[], env: Record<string, string>) => {
        const server = startTeahouse(t, ['serve', '--data', data, ...args], env);
        const [, path] = await server.until(/"url":"tcp:\/\/127\.0\.0\.1:\d+\/?([^"]*)"/);
        server.child.kill('SIGTERM');
        await server.ended;
        return path;
      };
      const env = { TEAHOUSE_SERVER_LISTEN: 'tcp://127.0.0.1:0/environment' };
      assert.equal(await opened([], {}), 'file');
      assert.equal(await opened([], env), 'environment');
      assert.equal(await opened(['--listen', 'tcp://127.0.0.1:0/flag'], env), 'flag');
    });

    test('on a terminal with readable lines and the page as a QR code, and ends at Ctrl-C', async (t) => {
      const data = await temporaryFolder(t);
      const line = `exec ${process.execPath} ${TEAHOUSE} serve --data ${data} --listen http://:0 --listen tcp://127.0.0.1:0`;
      const terminal = startProcess(t, 'script', ['-qec', line, '/dev/null']);
      const [, port] = await terminal.until(/listening on tcp:\/\/127\.0\.0\.1:(\d+)/);
      await comeIn(t, Number(port), 'ada');
      await terminal.until(/\d\d:\d\d:\d\d.*  ada has entered lobby/);
      if (/on the network/.test(terminal.stdout())) assert.ok(terminal.stdout().includes('\x1b[97;40m█'));
      assert.doesNotMatch(terminal.stdout(), /\{"level"/);
      terminal.child.stdin?.write('\x03');
      const { code } = await withPatience('its end', terminal.ended);
      assert.equal(code, 0);
      assert.match(terminal.stdout(), /stopping \(SIGINT\)[^]*stopped/);
    });

    test('NO_COLOR takes the colours away', async (t) => {
      const line = `exec ${process.execPath} ${TEAHOUSE} serve --data ${await temporaryFolder(t)} --listen http://:0`;
      const terminal = startProcess(t, 'script', ['-qec', line, '/dev/null'], { env: { NO_COLOR: '1' } });
      await terminal.until(/listening on http/);
      assert.ok(!terminal.stdout().includes('\x1b'));
    });
  },
);

describe('teahouse serve ends', { skip: process.platform === 'win32' && 'it is about signals' }, () => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    test(`at ${signal} within 5 s with exit code 0, having told everybody; a second signal changes nothing`, async (t) => {
      const data = await temporaryFolder(t);
      const server = startTeahouse(t, ['serve', '--data', data, ...TCP]);
      const ada = await comeIn(t, await portOf(server, 'tcp'), 'ada');
      const sent = ada.ok({ type: 'send', room: 'lobby', text: 'the last word' });
      await ada.roundTrip();
      const asked = performance.now();
      server.child.kill(signal);
      await ada.until('server_stopping', ({ code }) => code === 'server_stopping');
      server.child.kill(signal);
      const { code, stderr } = await withPatience('its end', server.ended);
      assert.ok(performance.now() - asked < 5000);
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      assert.equal((await sent).type, 'ok');
      assert.match(server.stdout(), new RegExp(`"kind":"stopping","reason":"${signal}"[^]*"kind":"stopped"`));
      assert.ok(!existsSync(join(data, 'control.sock')));
    });
  }

  test('when npm, which started it in a shell, has passed a signal on to that shell only', async (t) => {
    const line = `"$0" "$@"; exit 9`;
    const args = [process.execPath, TEAHOUSE, 'serve', '--data', await temporaryFolder(t), ...TCP];
    const shell = startProcess(t, 'sh', ['-c', line, ...args], { env: { npm_execpath: 'npm' } });
    await portOf(shell, 'tcp');
    shell.child.kill('SIGTERM');
    await withPatience('the end of its output', shell.ended);
    assert.match(shell.stdout(), /"kind":"stopped"/);
  });

  test('F11 also if nobody reads its log any more', async (t) => {
    const server = startTeahouse(
      t,
      ['serve', '--data', await temporaryFolder(t), '--no-rate-limit', ...TCP],
      {
        TEAHOUSE_LOG_LINES_PER_SECOND: '100000',
      },
    );
    const port = await portOf(server, 'tcp');
    server.child.stdout?.pause();
    for (let round = 0; round < 20; round += 1) {
      const client = await connectNative(t, port);
      for (let index = 0; index < 7; index += 1) client.send('{}');
      await client.ok({ type: 'login', nick: `ada${round}` });
      for (let index = 0; index < 200; index += 1) client.send('{}');
      await client.roundTrip();
      client.close();
    }
    server.child.kill('SIGTERM');
    const exited = once(server.child, 'exit');
    assert.deepEqual(await withPatience('its end', exited), [0, null]);
  });
});

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
      /a file is in its place/,
    );
    writeFileSync(join(data, 'rsa-line.pem'), 'key');
    chmodSync(join(data, 'rsa-line.pem'), 0o640);
    assert.match(
      await complaint(startTeahouse(t, ['serve', '--data', data, '--listen', 'rsa-line://127.0.0.1:0'])),
      /Others than its owner may read .*rsa-line\.pem/,
    );
  });
});

describe("the operator's commands", () => {
  test('teahouse keys prints the public key, from the running server and from its folder', async (t) => {
    const data = await temporaryFolder(t);
    const keys = () => startTeahouse(t, ['keys', '--data', data]);
    assert.match(await complaint(keys()), /no key in the data folder .* yet/);
    const server = startTeahouse(t, [
      'serve',
      '--data',
      data,
      '--listen',
      'rsa-line://127.0.0.1:0',
      '--listen',
      'http://127.0.0.1:0',
    ]);
    const served = await (
      await fetch(`http://127.0.0.1:${await portOf(server, 'http')}/rsa-public-key.pem`)
    ).text();
    const running = await keys().ended;
    assert.deepEqual({ code: running.code, stdout: running.stdout }, { code: 0, stdout: served });
    server.child.kill('SIGTERM');
    await server.ended;
    assert.equal((await keys().ended).stdout, served);
  });

  test('teahouse kick puts somebody out, says if nobody has the name, and if no server runs', async (t) => {
    const data = await temporaryFolder(t);
    const kick = (name: string) => startTeahouse(t, ['kick', name, '--data', data]);
    assert.match(await complaint(kick('ada')), /No server runs on the data folder/);
    const server = startTeahouse(t, ['serve', '--data', data, ...TCP]);
    const port = await portOf(server, 'tcp');
    const [ada, bob] = [await comeIn(t, port, '小明'), await comeIn(t, port, 'bob')];
    const { code, stderr } = await kick('小明').ended;
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    await withPatience('the end of the connection', ada.closed);
    await bob.until('the leaving', ({ type }) => type === 'leave' || type === 'moderation');
    const nobody = await kick('nobody').ended;
    assert.deepEqual(
      { code: nobody.code, stderr: nobody.stderr },
      { code: 1, stderr: 'teahouse: nobody here has that name.\n' },
    );
  });

  test('each has a help worth reading, with examples and exit codes', async (t) => {
    for (const words of [[], ['serve'], ['chat'], ['kick'], ['keys']]) {
      const { code, stdout } = await startTeahouse(t, [...words, '--help']).ended;
      assert.equal(code, 0);
      assert.match(stdout, /Examples:[^]*Exit codes:/);
    }
  });
});

describe('the log', () => {
  test('G2 holds no text, no session and nothing of a line that was refused', async (t) => {
    const data = await temporaryFolder(t);
    const server = startTeahouse(t, ['serve', '--data', data, ...TCP]);
    const port = await portOf(server, 'tcp');
    const ada = await comeIn(t, port, 'ada');
    await ada.ok({ type: 'send', room: 'lobby', text: 'canary-text', key: 'canary-key' });
    await ada.ok({ type: 'create', room: 'garden' });
    await ada.ok({ type: 'join', room: 'garden' });
    await ada.ok({ type: 'topic', room: 'garden', topic: 'canary-topic' });
    ada.send('{"type":"login","password":"canary-broken');
    ada.send({ type: 'canary-type', token: 'canary-token' });
    await ada.roundTrip();
    const stranger = await connectNative(t, port);
    await stranger.request({ type: 'login', session: 'canary-session' });
    server.child.kill('SIGTERM');
    const { stdout, stderr } = await server.ended;
    assert.match(stdout, /ada/);
    assert.doesNotMatch(stdout + stderr, /canary/);
    assert.ok(ada.session.length > 20 && !(stdout + stderr).includes(ada.session));
    assert.ok(!readFileSync(join(data, 'teahouse.db')).includes(ada.session));
  });
});
