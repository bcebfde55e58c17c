/**
 * Speed held as counts, which do not depend on the machine: the system's own
 * count of the server's writes, reads and wake-ups, for a server in a process
 * of its own; and what chat and feed ask of clock and formats.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, test, type TestContext } from 'node:test';

import { createItem } from '../src/chat/format.ts';
import {
  createBatch,
  createChat,
  encodeItem,
  FORMAT_SLOTS,
  type ChatOptions,
  type Entry,
  type Format,
} from '../src/chat/index.ts';
import { readConfig } from '../src/config/config.ts';
import { serveTcp } from '../src/frontends/native/index.ts';
import { UNLIMITED } from '../src/limits/token-bucket.ts';
import { chatLimits, chatRates } from '../src/compose/settings.ts';
import { systemClock } from '../src/store/clock.ts';
import { createMemoryStore } from '../src/store/memory.ts';
import { createTurn } from '../src/compose/turn.ts';
import { comeIn, temporaryFolder, withPatience, type NativeClient } from './harness.ts';

const COMMAND = fileURLToPath(new URL('../bin/teahouse.js', import.meta.url));
const COUNTED = existsSync('/proc/self/task') && existsSync(`/proc/${process.pid}/task/${process.pid}/io`);
const skip = COUNTED ? false : 'the system does not count calls by thread (Linux with task accounting does)';

const MEMBERS = 20;
/** Writes of the main thread that are no deliveries: waking the store's threads. */
const WAKING = 3;

/** Calls of one thread, as the system counts them (proc(5), /proc/PID/io and status). */
interface Calls {
  readonly reads: number;
  readonly writes: number;
  /** Times it went to sleep of its own accord, and so was woken. */
  readonly sleeps: number;
}

/** The server's command, in a process of its own. */
async function startProcess(t: TestContext): Promise<{ port: number; calls(): Calls }> {
  const folder = await temporaryFolder(t);
  const args = [COMMAND, 'serve', '--data', folder, '--listen', 'tcp://127.0.0.1:0', '--no-rate-limit'];
  const env = { ...process.env };
  delete env['npm_execpath'];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  t.after(async () => {
    child.kill();
    await exited;
  });
  let told = '';
  const port = await withPatience(
    'the listener',
    new Promise<number>((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        told += text;
        const [, found] = /tcp:\/\/127\.0\.0\.1:([1-9]\d*)\b/.exec(told) ?? [];
        if (found !== undefined) resolve(Number(found));
      });
    }),
  );
  const count = (file: string, name: string): number => {
    const text = readFileSync(`/proc/${child.pid}/task/${child.pid}/${file}`, 'utf8');
    return Number(new RegExp(`^${name}:\\s+(\\d+)$`, 'm').exec(text)?.[1]);
  };
  return {
    port,
    calls: () => ({
      reads: count('io', 'syscr'),
      writes: count('io', 'syscw'),
      sleeps: count('status', 'voluntary_ctxt_switches'),
    }),
  };
}

async function fill(t: TestContext, port: number): Promise<NativeClient[]> {
  const members: NativeClient[] = [];
  for (let i = 0; i < MEMBERS; i++) members.push(await comeIn(t, port, `guest${i}`));
  await settle(members);
  return members;
}

/** Waits for everybody's round trip, twice: what was on its way to them before has arrived. */
async function settle(members: readonly NativeClient[]): Promise<void> {
  for (let i = 0; i < 2; i++) await Promise.all(members.map((member) => member.roundTrip()));
}

/** Settles when every member has this text. */
async function allHave(members: readonly NativeClient[], text: string): Promise<void> {
  await Promise.all(members.map((member) => member.until(text, (message) => message['text'] === text)));
}

describe('what the system counts', { skip }, () => {
  test('PROMISE-5 a message to an idle room is one write for each member, its answer included', async (t) => {
    const server = await startProcess(t);
    const members = await fill(t, server.port);
    const rounds = 20;
    const countWrites = async (what: string, id: object): Promise<number> => {
      const before = server.calls();
      for (let i = 0; i < rounds; i++) {
        members[0]?.send({ type: 'send', room: 'lobby', text: `${what} ${i}`, ...id });
        await allHave(members, `${what} ${i}`);
      }
      return (server.calls().writes - before.writes) / rounds;
    };
    const answered = await countWrites('answered', { id: 'x' });
    assert.ok(answered >= MEMBERS, `${answered} writes a message reach no ${MEMBERS} members`);
    assert.ok(answered <= MEMBERS + WAKING, `${answered} writes a message for ${MEMBERS} members`);
    const unanswered = await countWrites('unanswered', {});
    assert.ok(answered - unanswered < 0.5, `the answer costs ${answered - unanswered} writes of its own`);
  });

  test('PROMISE-5 many messages that are ready together cost each member a few writes, not many', async (t) => {
    const server = await startProcess(t);
    const members = await fill(t, server.port);
    const messages = 500;
    const before = server.calls();
    const lines = Array.from({ length: messages }, (_, i) =>
      JSON.stringify({ type: 'send', id: `m${i}`, room: 'lobby', text: `many ${i}` }),
    );
    members[0]?.send(lines.join('\n'));
    await allHave(members, `many ${messages - 1}`);
    await members[0]?.until('the last answer', (message) => message['id'] === `m${messages - 1}`);
    const writes = server.calls().writes - before.writes;
    // A commit or two and as many turns; one write an entry would be 500 for each.
    assert.ok(writes <= MEMBERS * 20, `${writes} writes for ${messages} messages to ${MEMBERS} members`);
  });

  test('an idle server reads nothing and sleeps, with people in the room', async (t) => {
    const server = await startProcess(t);
    await fill(t, server.port);
    // What follows a start or a login (collecting memory, a checkpoint) may still run; idle is reached when a second passes in sleep.
    const isIdle = async (): Promise<boolean> => {
      const before = server.calls();
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const after = server.calls();
      return (
        after.reads === before.reads && after.writes === before.writes && after.sleeps - before.sleeps <= 2
      );
    };
    for (let attempt = 0; attempt < 5; attempt++) if (await isIdle()) return;
    assert.fail('in none of five seconds was the server idle');
  });
});

describe('what everybody gets is made once', () => {
  const entry: Entry = {
    kind: 'message',
    seq: 1,
    time: 0,
    from: { id: 'p1', nick: 'Ada' },
    text: 'tea',
    key: null,
  };
  function createCountingFormat(counts: { encoded: number; packed: number }): Format {
    return {
      slot: FORMAT_SLOTS.native,
      encode: () => `entry ${++counts.encoded}`,
      pack: (messages) => Buffer.from(`${++counts.packed} ${messages.join()}`),
    };
  }

  test('an entry is encoded once for a format and packed once for a batch, whoever asks', () => {
    const counts = { encoded: 0, packed: 0 };
    const format = createCountingFormat(counts);
    const items = [createItem(entry), createItem(entry)];
    const batch = createBatch('lobby', items);
    const all = Array.from({ length: 1_000 }, () => batch.bytes(format));
    assert.equal(new Set(all).size, 1);
    assert.deepEqual(counts, { encoded: 2, packed: 1 });
    // A replay finds the encodings that the batch made.
    for (const item of items) encodeItem(format, 'lobby', item);
    assert.equal(counts.encoded, 2);
  });

  test('formats that encode alike share the encoding', () => {
    const counts = { encoded: 0, packed: 0 };
    const batch = createBatch('lobby', [createItem(entry)]);
    batch.bytes(createCountingFormat(counts));
    batch.bytes(createCountingFormat(counts));
    assert.deepEqual(counts, { encoded: 1, packed: 2 });
  });
});

test('PROMISE-5 no timer stands between a message and its delivery', async (t) => {
  let timers = 0;
  const setTimer = (task: () => void, ms: number): (() => void) => {
    timers++;
    const timer = setTimeout(task, ms).unref();
    return () => clearTimeout(timer);
  };
  const port = await serveInProcess(t, setTimer);
  const [ada, bob] = [await comeIn(t, port, 'Ada'), await comeIn(t, port, 'Bob')];
  const before = timers;
  for (let i = 0; i < 10; i++) {
    await ada.ok({ type: 'send', room: 'lobby', text: `tea ${i}` });
    await allHave([ada, bob], `tea ${i}`);
  }
  assert.equal(timers, before);
});

/** Chat and the native front end on a socket, with the store in memory and a clock of the test's. */
async function serveInProcess(t: TestContext, setTimer: ChatOptions['setTimer']): Promise<number> {
  const turn = createTurn(setImmediate);
  const store = createMemoryStore({ clock: systemClock, random: randomBytes });
  const config = readConfig({ dataFolder: await temporaryFolder(t), env: {}, listen: ['tcp://127.0.0.1:0'] });
  const core = await createChat({
    store,
    limits: chatLimits(config),
    rates: chatRates(config, false),
    now: Date.now,
    setTimer,
    randomBytes,
    endOfTurn: turn.deliver,
    holdsOf: () => Infinity,
    observe: () => {},
    lobbyTopic: '',
  });
  const options = {
    core,
    hello: '{"type":"hello"}',
    limits: { ...config.limits, outboxBytes: 1 << 20 },
    rates: { requestsPerConnection: UNLIMITED },
    elapsed: () => 0,
    takeAddress: () => 0,
    setTimer,
    endOfTurn: turn.write,
    refused: () => {},
    closing: () => {},
    failed: assert.ifError,
  };
  const server = createServer((socket) => serveTcp(options, socket, '127.0.0.1'));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}
