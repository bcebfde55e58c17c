import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { createClient, type Client } from '@teahouse/client';
import { tcp } from '@teahouse/client/node';
import { startRealServer } from '../../clients/typescript/test/real-server.ts';
import { runInTerminal, type Run } from './run.ts';

const LIMIT = { timeout: 30_000 };
const DOWN_HERE = '>> ';

async function setUp(t: TestContext) {
  const server = await startRealServer(t);
  const ada = createClient({ connect: tcp('127.0.0.1', server.tcpPort), rooms: ['lobby'] });
  t.after(() => ada.close());
  await ada.login({ nick: 'Ada' });
  await ada.join('lobby');
  return { server, ada, address: `127.0.0.1:${server.tcpPort}` };
}

/** When somebody leaves the room. */
function nextLeave(client: Client): Promise<void> {
  return new Promise((resolve) => client.on('entry', ({ entry }) => entry.type === 'leave' && resolve()));
}

/** The rows from the first that holds this on, times left out. */
function rowsFrom(run: Run, first: string): string[] {
  const rows = run.screen().map((row) => row.replace(/^\d\d:\d\d /, 'TIME '));
  return rows.slice(rows.findIndex((row) => row.includes(first)));
}

describe('in a terminal', () => {
  test('it asks for server, port and name until they are right, as the original did', LIMIT, async (t) => {
    const { server, ada } = await setUp(t);
    const run = runInTerminal(t, []);
    await run.shows('Server (name or IP address): ');
    run.type('127.0.0.1\r');
    await run.shows('Port [8089]: ');
    run.type('1\r');
    await run.shows('Nobody listens at 127.0.0.1:1.');
    run.type(`127.0.0.1:${server.tcpPort}\r`);
    await run.shows('conn success!');
    await run.shows('Your name: ');
    run.type('ada\r');
    await run.shows('taken');
    run.type('Bob\r');
    await run.shows(DOWN_HERE);
    const heard = new Promise<unknown>((resolve) =>
      ada.on('entry', ({ entry }) => entry.type === 'message' && resolve(entry.text)),
    );
    run.type('hello\r');
    assert.equal(await heard, 'hello');
    run.type('/quit\r');
    assert.equal(await run.ended, 0);
  });

  test(
    'lines that come in leave what is being typed whole, wrapped and with the cursor inside',
    LIMIT,
    async (t) => {
      const { ada, address } = await setUp(t);
      const run = runInTerminal(t, [address, '--name', 'Bob'], { NO_COLOR: '1' });
      await run.shows(DOWN_HERE);
      const typed = 'abcdefghi '.repeat(13);
      run.type(typed);
      await run.shows('abcdefghi abcdefghi');
      // Two words to the left: what is typed next goes in there.
      run.type('\x1bb\x1bb');
      await ada.send('lobby', 'first').stored;
      await run.shows('first');
      await ada.send('lobby', 'second\nthird').stored;
      await run.shows('third');
      run.type('X');
      await run.shows(/Xabcdefghi/);
      const text = `>> ${'abcdefghi '.repeat(11)}Xabcdefghi abcdefghi`;
      assert.deepEqual(rowsFrom(run, 'first'), [
        'TIME Ada: first',
        'TIME Ada: second',
        'TIME Ada: third',
        ...[text.slice(0, 60), text.slice(60, 120), text.slice(120)].map((row) => row.trimEnd()),
      ]);
      const heard = new Promise<unknown>((resolve) =>
        ada.on('entry', ({ entry }) => entry.type === 'message' && resolve(entry.text)),
      );
      run.type('\r');
      assert.equal(await heard, `${text.slice(3)} `);
    },
  );

  test("C5 nobody can send an escape sequence to one's terminal, live or in history", LIMIT, async (t) => {
    const { ada, address } = await setUp(t);
    await ada.create('tea', 'topic \x1b]0;x\x07').catch(() => {});
    const run = runInTerminal(t, [address, '--name', 'Bob'], { NO_COLOR: '1' });
    await run.shows(DOWN_HERE);
    const evil = '\x1b[2J\x1b]52;c;aGk=\x07\x9b31m\x90q\x7f\u202e';
    await ada.send('lobby', `${evil}\r20:15 Eve: forged`).stored;
    await run.shows('forged');
    run.type('history\r');
    await run.shows(/forged[^]*forged/);
    const rows = rowsFrom(run, '\\x1b[2J');
    assert.equal(rows[0], 'TIME Ada: \\x1b[2J\\x1b]52;c;aGk=\\x07\\x9b31m\\x90q\\x7f\\u202e');
    assert.ok(rows.includes('TIME Ada: 20:15 Eve: forged'));
    assert.ok(!/\x1b[\]P]|[\x07\x7f-\x9f\u202e]/.test(run.output())); // oxlint-disable-line no-control-regex -- they must not be there
  });

  test(
    'a server that goes and comes back is two lines, and what was written meanwhile is said',
    LIMIT,
    async (t) => {
      const { server, ada, address } = await setUp(t);
      const run = runInTerminal(t, [address, '--name', 'Bob'], { NO_COLOR: '1' });
      await run.shows(DOWN_HERE);
      await server.kill();
      await run.shows('is kept.');
      run.type('while away\r');
      await server.start();
      await run.shows('Connected again.');
      ada.tryNow();
      await ada.login();
      run.type('there\r/quit\r');
      assert.equal(await run.ended, 0);
      const { entries } = await ada.history('lobby', { kinds: ['message'] });
      assert.deepEqual(
        entries.map((entry) => entry.type === 'message' && entry.text),
        ['while away', 'there'],
      );
      assert.equal(run.output().split('Connected again.').length, 2);
      assert.equal(run.output().split('is kept.').length, 2);
    },
  );

  test('history, who, topic, nick and help answer', LIMIT, async (t) => {
    const { ada, address } = await setUp(t);
    for (const text of ['one', 'two', 'three']) await ada.send('lobby', text).stored;
    const run = runInTerminal(t, [address, '--name', 'Bob'], { NO_COLOR: '1' });
    await run.shows(DOWN_HERE);
    run.type('history 3\r');
    await run.shows(/--- \d{4}-\d\d-\d\d ---/);
    await run.shows('Bob came in');
    assert.ok(!run.output().includes('Ada: one'));
    run.type('/histroy\r');
    await run.shows('Ada: one');
    run.type('/who\r');
    await run.shows('2 people are here: ');
    run.type('/topic\r');
    await run.shows('There is no topic.');
    run.type('/nick ada\r');
    await run.shows('taken');
    run.type('/nick Bert\r');
    await run.shows('* Bob is now Bert');
    run.type('/help\r');
    await run.shows('/quit');
    run.type('/nonsense\r');
    await run.shows('There is no /nonsense;');
    run.type('//not a command\r');
    await new Promise<void>((resolve) =>
      ada.on(
        'entry',
        ({ entry }) => entry.type === 'message' && entry.text === '/not a command' && resolve(),
      ),
    );
  });

  for (const [keys, name] of [
    ['\x03', 'Ctrl-C'],
    ['\x04', 'Ctrl-D'],
  ] as const) {
    test(`${name} leaves, and the name is free`, LIMIT, async (t) => {
      const { ada, address } = await setUp(t);
      const run = runInTerminal(t, [address, '--name', 'Bob']);
      await run.shows(DOWN_HERE);
      const left = nextLeave(ada);
      run.type(keys);
      await left;
      assert.equal(await run.ended, 0);
    });
  }

  test('closing the window leaves, and the name is free', LIMIT, async (t) => {
    const { ada, address } = await setUp(t);
    const run = runInTerminal(t, [address, '--name', 'Bob']);
    await run.shows(DOWN_HERE);
    const left = nextLeave(ada);
    run.closeWindow();
    await left;
  });

  test('names have a colour, and none with NO_COLOR', LIMIT, async (t) => {
    const { ada, address } = await setUp(t);
    await ada.send('lobby', 'colourful').stored;
    for (const [env, coloured] of [
      [{}, true],
      [{ NO_COLOR: '1' }, false],
    ] as const) {
      const run = runInTerminal(t, [address, '--name', coloured ? 'Bob' : 'Carl'], { COLORTERM: '', ...env });
      await run.shows(DOWN_HERE);
      run.type('history\r');
      await run.shows('colourful');
      assert.equal(run.output().includes('\x1b[38;5;'), coloured);
      run.type('/quit\r');
      await run.ended;
    }
  });
});
