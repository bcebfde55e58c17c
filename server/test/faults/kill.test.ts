import assert from 'node:assert/strict';
import { test } from 'node:test';

import { connectNative, temporaryFolder, type Message, type NativeClient } from '../harness.ts';
import { portOf, startTeahouse } from '../process.ts';

const ROUNDS = 20;
const SERVE = ['--listen', 'tcp://127.0.0.1:0', '--no-rate-limit'];
const WRITERS = 4;
/** Sends of one writer that are under way at once. */
const WINDOW = 32;

interface Witness {
  /** Key of each send that was acknowledged, with the seq it got. */
  readonly acknowledged: Map<string, number>;
  /** Each entry that anybody was shown, by seq, as its line. */
  readonly shown: Map<number, string>;
}

/** Notes what a client was told, and that nobody is told otherwise. */
function note(witness: Witness, client: NativeClient): void {
  client.received.forEach((message, index) => {
    const { id, seq } = message as { id?: string; seq?: number };
    if (message.type === 'ok' && seq !== undefined && id?.startsWith('w')) witness.acknowledged.set(id, seq);
    if (message.type !== 'message' || seq === undefined) return;
    const line = client.lines[index] ?? '';
    assert.equal(witness.shown.get(seq) ?? line, line, 'two readers were shown different entries');
    witness.shown.set(seq, line);
  });
}

/** Keeps a window of sends under way until the connection is gone. */
function writeOn(client: NativeClient, name: string): void {
  let count = 0;
  const next = (): void => {
    count += 1;
    const id = `${name}-${count}`;
    client.send({ type: 'send', id, room: 'lobby', text: `${id} 你好`, key: id });
  };
  for (let index = 0; index < WINDOW; index += 1) next();
  let answered = 0;
  client.socket.on('data', () => {
    for (; answered < client.received.length; answered += 1) {
      const message = client.received[answered];
      if (message?.type === 'ok' && String(message['id']).startsWith(name) && !client.socket.destroyed)
        next();
    }
  });
}

async function wholeLog(client: NativeClient): Promise<Map<number, { line: string; entry: Message }>> {
  const log = new Map<number, { line: string; entry: Message }>();
  for (let after = 0, more: unknown = true; more === true;) {
    const page = await client.ok({ type: 'history', room: 'lobby', after, limit: 500 });
    for (const entry of page['entries'] as Message[]) {
      after = entry['seq'] as number;
      assert.equal(log.has(after), false);
      log.set(after, { line: JSON.stringify(entry), entry });
    }
    more = page['more'];
  }
  return log;
}

test(
  `PROMISE-1 a server killed ${ROUNDS} times under load has lost nothing that it acknowledged or showed`,
  { timeout: 180_000 },
  async (t) => {
    const folder = await temporaryFolder(t);
    const witness: Witness = { acknowledged: new Map(), shown: new Map() };
    for (let round = 0; round < ROUNDS; round += 1) {
      const server = startTeahouse(t, ['serve', '--data', folder, ...SERVE]);
      const port = await portOf(server, 'tcp');
      const clients: NativeClient[] = [];
      for (let writer = 0; writer < WRITERS; writer += 1) {
        const client = await connectNative(t, port);
        await client.ok({ type: 'login', nick: `writer${writer}` });
        await client.ok({ type: 'join', room: 'lobby' });
        clients.push(client);
      }
      clients.forEach((client, writer) => writeOn(client, `w${round}x${writer}`));
      // Killed after a number of entries that differs from round to round, so at ever other points of the work.
      const [first] = clients;
      const wanted = 20 + round * 37;
      await first?.until('entries', () => first.received.length >= wanted);
      server.child.kill('SIGKILL');
      await server.ended;
      await Promise.all(clients.map((client) => client.closed));
      for (const client of clients) note(witness, client);
    }
    const server = startTeahouse(t, ['serve', '--data', folder, ...SERVE]);
    const reader = await connectNative(t, await portOf(server, 'tcp'));
    await reader.ok({ type: 'login', nick: 'reader' });
    const log = await wholeLog(reader);
    const seqs = [...log.keys()];
    assert.deepEqual(
      seqs,
      seqs.map((_, index) => index + 1),
      'seq is dense',
    );
    for (const [seq, line] of witness.shown)
      assert.equal(log.get(seq)?.line, line, `the shown entry ${seq} is in the log`);
    const byKey = new Map<unknown, number[]>();
    for (const [seq, { entry }] of log)
      if (entry.type === 'message') byKey.set(entry['key'], [...(byKey.get(entry['key']) ?? []), seq]);
    for (const [key, seq] of witness.acknowledged)
      assert.deepEqual(byKey.get(key), [seq], `the acknowledged ${key} is in the log once`);
    assert.ok(
      [...byKey.values()].every((each) => each.length === 1),
      'no message is there twice',
    );
    assert.ok(witness.acknowledged.size > ROUNDS * 20, `${witness.acknowledged.size} acknowledged`);
    t.diagnostic(
      `${witness.acknowledged.size} acknowledged, ${witness.shown.size} shown, ${log.size} in the log, ${ROUNDS} kills`,
    );
    server.child.kill('SIGTERM');
    assert.equal((await server.ended).code, 0);
  },
);
