import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';

import { askServer } from './control.ts';
import type { ControlActions } from './control.ts';
import { holdDataFolder as takeHold } from './hold.ts';
import type { Hold } from './hold.ts';
import { UserError } from '../user-error.ts';

const POSIX = process.platform !== 'win32';
const ACTIONS: ControlActions = { kick: async (nick) => nick === 'Ada', publicKey: () => 'PEM' };

const holds: Hold[] = [];

/** The same, let go of again when the test is over, whatever came of it. */
async function holdDataFolder(folder: string): Promise<Hold> {
  const hold = await takeHold(folder);
  holds.push(hold);
  return hold;
}

afterEach(async () => {
  await Promise.allSettled(holds.splice(0).map(({ release }) => release()));
});

describe('the hold on a data folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'teahouse-hold-')));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Another process that holds the folder. */
  async function holdElsewhere() {
    const code = `const { holdDataFolder } = await import(${JSON.stringify(import.meta.resolve('./hold.ts'))});
      await holdDataFolder(${JSON.stringify(folder)}); process.stdout.write('held');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    return child;
  }

  const refused = (pattern: RegExp) => (error: unknown) =>
    error instanceof UserError && pattern.test(error.message);

  test('keeps a second server out and names the process that has it', async () => {
    const hold = await holdDataFolder(folder);
    await assert.rejects(
      holdDataFolder(folder),
      refused(POSIX ? new RegExp(`in use by another server \\(process ${process.pid}\\)`) : /in use/),
    );
    await hold.release();
    await (await holdDataFolder(folder)).release();
    assert.deepEqual(readdirSync(folder), []);
  });

  test('dies with its process, even by SIGKILL, and leaves other files alone', async () => {
    writeFileSync(join(folder, 'claim-notes.sock'), 'mine');
    const child = await holdElsewhere();
    await assert.rejects(
      holdDataFolder(folder),
      refused(POSIX ? new RegExp(`process ${child.pid}`) : /in use/),
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
    const hold = await holdDataFolder(folder);
    assert.deepEqual(
      readdirSync(folder).toSorted(),
      POSIX ? ['claim-notes.sock', 'control.sock'] : ['claim-notes.sock'],
    );
    await hold.release();
  });

  test('a halted server still has it', { skip: !POSIX && 'Windows cannot halt a process so' }, async () => {
    const child = await holdElsewhere();
    child.kill('SIGSTOP');
    await assert.rejects(holdDataFolder(folder), refused(/in use by another server:/));
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  test('of many that start at once over the socket of a dead server, exactly one gets it', async () => {
    for (let round = 0; round < 10; round += 1) {
      const child = round % 2 === 0 ? await holdElsewhere() : null;
      child?.kill('SIGKILL');
      if (child) await once(child, 'exit');
      const tries = await Promise.allSettled(Array.from({ length: 8 }, () => holdDataFolder(folder)));
      const [hold, ...more] = tries.filter((one) => one.status === 'fulfilled').map(({ value }) => value);
      assert.ok(hold && more.length === 0, `${more.length + (hold ? 1 : 0)} hold it`);
      for (const one of tries) assert.ok(one.status === 'fulfilled' || one.reason instanceof UserError);
      if (POSIX) assert.deepEqual(readdirSync(folder), ['control.sock']);
      await hold.release();
    }
  });

  test("works in a folder whose path is longer than a socket's may be", async () => {
    const deep = join(folder, 'd'.repeat(120), '数据');
    mkdirSync(deep, { recursive: true });
    const hold = await holdDataFolder(deep);
    hold.serve(ACTIONS);
    assert.deepEqual(await askServer(deep, { ask: 'keys' }), { ok: true, publicKey: 'PEM' });
    await assert.rejects(holdDataFolder(deep), UserError);
    await hold.release();
  });
});

describe('the control channel', () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'teahouse-control-')));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('asks a running server, and finds none where none runs', async () => {
    assert.equal(await askServer(folder, { ask: 'keys' }), null);
    assert.equal(await askServer(join(folder, 'none'), { ask: 'keys' }), null);
    const hold = await holdDataFolder(folder);
    assert.deepEqual(await askServer(folder, { ask: 'keys' }), {
      ok: false,
      message: 'the server is still starting',
    });
    hold.serve(ACTIONS);
    assert.deepEqual(await askServer(folder, { ask: 'kick', nick: 'Ada' }), { ok: true, kicked: true });
    assert.deepEqual(await askServer(folder, { ask: 'kick', nick: 'Bob\n"' }), { ok: true, kicked: false });
    await hold.release();
    assert.equal(await askServer(folder, { ask: 'keys' }), null);
  });

  test('an action that fails is told without what went wrong inside', async () => {
    const hold = await holdDataFolder(folder);
    hold.serve({ ...ACTIONS, kick: () => Promise.reject(new Error('canary')) });
    assert.deepEqual(await askServer(folder, { ask: 'kick', nick: 'Ada' }), {
      ok: false,
      message: 'the server could not do it; its log says why',
    });
    await hold.release();
  });

  test('G1 only its owner can open it', { skip: !POSIX && 'Windows has no such modes' }, async () => {
    const hold = await holdDataFolder(folder);
    assert.equal((statSync(join(folder, 'control.sock')).mode & 0o777).toString(8), '600');
    await hold.release();
  });

  test(
    'garbage and endless lines end that connection only',
    { skip: !POSIX && 'the name of the pipe is not told' },
    async () => {
      const hold = await holdDataFolder(folder);
      hold.serve(ACTIONS);
      for (const bytes of ['not json\n', '[]\n', '{"ask":"kick"}\n', 'null\n']) {
        const socket = connect(join(folder, 'control.sock'));
        socket.setEncoding('utf8').write(bytes);
        let text = '';
        for await (const chunk of socket) {
          text += String(chunk);
          if (text.split('\n').length > 2) break;
        }
        assert.match(text, /\{"ok":false,"message":"the request is none that this server knows"\}\n$/);
      }
      const socket = connect(join(folder, 'control.sock'));
      socket.on('error', () => {});
      socket.resume().write('x'.repeat(100_000));
      await new Promise((resolve) => socket.on('close', resolve));
      assert.deepEqual(await askServer(folder, { ask: 'keys' }), { ok: true, publicKey: 'PEM' });
      await hold.release();
    },
  );
});
