import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, test, type TestContext } from 'node:test';
import { createClient, type Client } from '@teahouse/client';
import { tcp } from '@teahouse/client/node';
import { startRealServer } from '../../clients/typescript/test/real-server.ts';
import { runInPipe, runWithInput } from './run.ts';

const LIMIT = { timeout: 30_000 };

async function setUp(t: TestContext) {
  const server = await startRealServer(t);
  const ada = createClient({ connect: tcp('127.0.0.1', server.tcpPort), rooms: ['lobby'] });
  t.after(() => ada.close());
  await ada.login({ nick: 'Ada' });
  await ada.join('lobby');
  return { server, ada, address: `127.0.0.1:${server.tcpPort}` };
}

async function said(client: Client): Promise<unknown[]> {
  const { entries } = await client.history('lobby', { kinds: ['message'], limit: 500 });
  return entries.map((entry) => entry.type === 'message' && entry.text);
}

describe('in a pipe', () => {
  test('a bell rings from a cron job, as often as it likes, and prints nothing', LIMIT, async (t) => {
    const { ada, address } = await setUp(t);
    for (let run = 0; run < 2; run += 1) {
      const bell = runWithInput(t, [address, '--name', 'bell'], '下课了\n');
      assert.equal(await bell.ended, 0);
      assert.equal(bell.output() + bell.errors(), '');
    }
    assert.deepEqual(await said(ada), ['下课了', '下课了']);
    assert.equal(ada.room('lobby')?.people, 1);
  });

  test(
    'many lines arrive in their order, empty ones are left out, the last needs no line end',
    LIMIT,
    async (t) => {
      const { ada, server } = await setUp(t);
      const lines = Array.from({ length: 300 }, (_, index) => `line ${index}`);
      const many = runWithInput(
        t,
        [`http://127.0.0.1:${server.httpPort}/`, '--name', 'many'],
        `\n \n${lines.join('\n')}`,
      );
      assert.equal(await many.ended, 0);
      assert.deepEqual(await said(ada), lines);
    },
  );

  test('C1 C5 what others say comes out as lines with their names and without controls', LIMIT, async (t) => {
    const { ada, address } = await setUp(t);
    const reader = runInPipe(t, [address, '--name', 'reader']);
    const entered = new Promise((resolve) => ada.on('entry', resolve));
    await entered;
    await ada.send('lobby', 'one\n20:15 Eve: forged\u2028\x1b[2Jtwo\rthree').stored;
    await reader.shows('three');
    reader.endInput();
    assert.equal(await reader.ended, 0);
    const lines = reader
      .output()
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^\d\d:\d\d /, ''));
    assert.deepEqual(lines, ['Ada: one', 'Ada: 20:15 Eve: forged', 'Ada: \\x1b[2Jtwo', 'Ada: three']);
  });

  test("--json gives the native objects, one's own too, in harmless characters", LIMIT, async (t) => {
    const { address } = await setUp(t);
    const program = runWithInput(t, [address, '--name', 'program', '--json'], 'a\u009bb\n');
    assert.equal(await program.ended, 0);
    assert.ok(!program.output().includes('\u009b'));
    const entries = program
      .output()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const own = entries.find(({ type }) => type === 'message');
    assert.equal(own?.['text'], 'a\u009bb');
    assert.ok(typeof own?.['key'] === 'string' && typeof own['seq'] === 'number');
  });

  test('nothing to say is said at once', LIMIT, async (t) => {
    const { ada, address } = await setUp(t);
    const silent = runWithInput(t, [address, '--name', 'tail'], '');
    assert.equal(await silent.ended, 0);
    assert.deepEqual(await said(ada), []);
  });

  test('a refused line ends in 3, and the others are said all the same', LIMIT, async (t) => {
    const { ada, address } = await setUp(t);
    const long = runWithInput(t, [address, '--name', 'long'], `before\n${'x'.repeat(20_000)}\nafter\n`);
    assert.equal(await long.ended, 3);
    assert.match(long.errors(), /^teahouse: Not sent: “x{40}”\. .*\nteahouse: One line was not sent\.\n$/);
    assert.deepEqual(await said(ada), ['before', 'after']);
  });

  test('what was written while the server is away is said when it is back', LIMIT, async (t) => {
    const { server, ada, address } = await setUp(t);
    const writer = runInPipe(t, [address, '--name', 'writer']);
    writer.type('before\n');
    await new Promise<void>((resolve) =>
      ada.on('entry', ({ entry }) => entry.type === 'message' && resolve()),
    );
    await server.kill();
    writer.type('while away\n');
    writer.endInput();
    await server.start();
    assert.equal(await writer.ended, 0);
    ada.tryNow();
    await ada.login();
    assert.deepEqual(await said(ada), ['before', 'while away']);
  });
});

describe('what cannot be', () => {
  test('a missing name, a missing address and a wrong one end in 2 with a sentence', LIMIT, async (t) => {
    for (const args of [[], ['localhost'], ['--name', 'x'], ['host:port', '--name', 'x']]) {
      const wrong = runWithInput(t, args, 'hi\n');
      assert.equal(await wrong.ended, 2);
      assert.match(wrong.errors(), /^teahouse: .*\.\n$/);
    }
  });

  test(
    'nobody there, no such host, a taken name and a room that is not end in 1 with a sentence',
    LIMIT,
    async (t) => {
      const { server, address } = await setUp(t);
      const page = `127.0.0.1:${server.httpPort}`;
      const cases: [string[], RegExp][] = [
        [['127.0.0.1:1', '--name', 'x'], /Nobody listens at 127\.0\.0\.1:1\./],
        [['nowhere.invalid', '--name', 'x'], /There is no host called nowhere\.invalid/],
        [[`ws://${page}/elsewhere`, '--name', 'x'], /No WebSocket could be opened/],
        [['http://127.0.0.1:1', '--name', 'x'], /Nobody listens at ws:\/\/127\.0\.0\.1:1\/ws\./],
        [['http://nowhere.invalid', '--name', 'x'], /There is no host called nowhere\.invalid/],
        [[`https://${page}`, '--name', 'x'], /No secure connection .* Does that port speak TLS/],
        [[address, '--name', 'ada'], /taken/],
        [[address, '--name', 'a:b'], /nickname/],
        [[address, '--name', 'x', '--room', 'nowhere'], /no such room/],
      ];
      for (const [args, words] of cases) {
        const refused = runWithInput(t, args, 'hi\n');
        assert.equal(await refused.ended, 1, args.join(' '));
        assert.match(refused.errors(), words);
        assert.equal(refused.errors().trimEnd().split('\n').length, 1);
      }
    },
  );

  test('what speaks first, but something else, is told from a Teahouse server', LIMIT, async (t) => {
    const other = createServer((socket) =>
      socket.on('error', () => {}).end('220 mail.example.org ESMTP\r\n'),
    );
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    t.after(() => other.close());
    const { port } = other.address() as AddressInfo;
    const refused = runWithInput(t, [`127.0.0.1:${port}`, '--name', 'x'], 'hi\n');
    assert.equal(await refused.ended, 1);
    assert.match(refused.errors(), /does not speak Teahouse's native protocol/);
  });
});
