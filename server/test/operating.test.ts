import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { comeIn, connectNative, temporaryFolder, withPatience } from './harness.ts';
import { portOf, startProcess, startTeahouse, TEAHOUSE } from './process.ts';

const TCP = ['--listen', 'tcp://127.0.0.1:0'];

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
