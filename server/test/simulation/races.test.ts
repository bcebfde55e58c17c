/** Races that the simulation came upon, each told on its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as chat from '../../src/chat/index.ts';
import type { Entry } from '../../src/store/port.ts';
import { startServer, type SimulatedServer } from './server.ts';
import { NO_SEAMS } from './simulate.ts';
import { createWorld } from './world.ts';

interface Visitor {
  readonly connection: chat.Connection;
  readonly session: string | null;
  /** Entries that were delivered. */
  readonly seen: Entry[];
  ended: chat.EndReason | null;
}

/** A world with a server in it, in which nothing happens until `settle`. */
async function open() {
  const world = createWorld(1);
  let server = startServer(world, null, NO_SEAMS);
  /** Lets everything happen that is due within `ms`. */
  const settle = async (ms = 0): Promise<void> => {
    await world.turn(ms);
    while (await world.turn(ms));
  };
  await settle();
  const core = (): chat.Core => {
    assert.ok(server.core !== null);
    return server.core;
  };

  function connect(): Visitor {
    const seen: Entry[] = [];
    const deliver = (batch: chat.Batch): void => void seen.push(...batch.items.map(({ entry }) => entry));
    const receiver: chat.Receiver = { deliver, signal() {}, end: (reason) => void (visitor.ended = reason) };
    const connection = chat.connect(core(), receiver, 'tcp', '192.0.2.1');
    const visitor: Visitor = { connection, seen, session: null, ended: null };
    return visitor;
  }

  async function comeIn(login: Parameters<typeof chat.logIn>[2]): Promise<Visitor> {
    const visitor = connect();
    const result = chat.logIn(core(), visitor.connection, login);
    await settle();
    const { session } = await expectOk(result);
    await expectOk(chat.joinRoom(core(), visitor.connection, { room: 'lobby' }), settle());
    return Object.assign(visitor, { session: session ?? login.session ?? null });
  }

  return {
    core,
    settle,
    connect,
    comeIn,
    server: (): SimulatedServer => server,
    log: (): string[] =>
      ([...server.disk.rooms.values()][0]?.entries ?? []).map(({ kind, from }) => `${kind} ${from.nick}`),
    async restart() {
      const { disk } = server;
      server.crash();
      server = startServer(world, disk, NO_SEAMS);
      await settle();
    },
  };
}

async function expectOk<T extends object>(
  result: Promise<chat.Result<T>>,
  meanwhile?: Promise<void>,
): Promise<T> {
  await meanwhile;
  const settled = await result;
  assert.ok(settled.ok, settled.ok ? '' : settled.code);
  return settled;
}

test('PROMISE-2 a join that was perhaps written is in the log once when it is tried again', async () => {
  const house = await open();
  const ada = house.connect();
  await expectOk(chat.logIn(house.core(), ada.connection, { nick: 'Ada' }), house.settle());
  house.server().failWrites('perhaps-written');
  await Promise.all([chat.joinRoom(house.core(), ada.connection, { room: 'lobby' }), house.settle()]);
  house.server().failWrites(null);
  await expectOk(chat.joinRoom(house.core(), ada.connection, { room: 'lobby' }), house.settle());
  assert.deepEqual(house.log(), ['enter Ada']);
});

test('PROMISE-2 PROMISE-3 a send that was perhaps written reaches everybody, whether or not it is tried again', async () => {
  const house = await open();
  const ada = await house.comeIn({ nick: 'Ada' });
  const bob = await house.comeIn({ nick: 'Bob' });
  const answers: string[] = [];
  const send = (): void =>
    chat.sendMessage(house.core(), ada.connection, { room: 'lobby', text: 'hi', key: 'k' }, (result) =>
      answers.push(result.ok ? `ok ${result.seq}` : result.code),
    );
  house.server().failWrites('perhaps-written');
  send();
  await house.settle();
  assert.equal(bob.seen.at(-1)?.kind, 'message');
  house.server().failWrites(null);
  send();
  await house.settle();
  assert.deepEqual(answers, ['store_unavailable', 'ok 3']);
  assert.deepEqual(house.log(), ['enter Ada', 'enter Bob', 'message Ada']);
});

test("JOIN-9 a leave reaches all of the person's connections as an entry, and nothing after it does", async () => {
  const house = await open();
  const phone = await house.comeIn({ nick: 'Ada' });
  const laptop = await house.comeIn({ session: phone.session ?? '' });
  const bob = await house.comeIn({ nick: 'Bob' });
  const say = (): void =>
    chat.sendMessage(house.core(), bob.connection, { room: 'lobby', text: 'bye' }, () => {});
  say();
  const left = chat.leaveRoom(house.core(), phone.connection, 'lobby');
  // The leave is handed to the store, and nothing is committed yet: all three are one batch.
  await new Promise(setImmediate);
  say();
  await expectOk(left, house.settle());
  assert.deepEqual(house.log().slice(-3), ['message Bob', 'leave Ada', 'message Bob']);
  for (const { seen } of [phone, laptop]) {
    assert.deepEqual(
      seen.slice(-2).map(({ kind }) => kind),
      ['message', 'leave'],
    );
  }
  assert.equal(bob.seen.at(-1)?.kind, 'message');
});

test('a kick that meets a leave, a rename or another kick puts nobody out twice', async () => {
  const house = await open();
  const ada = await house.comeIn({ nick: 'Ada' });
  await house.comeIn({ nick: 'Bob' });
  const kicks = [house.core(), house.core()].map((core) => chat.kick(core, 'Bob', null));
  const left = chat.leaveRoom(house.core(), ada.connection, 'lobby');
  const kicked = chat.kick(house.core(), 'Ada', null);
  await Promise.all([house.settle(), ...kicks, left, kicked]);
  assert.deepEqual(house.log().toSorted(), ['enter Ada', 'enter Bob', 'leave Ada', 'moderation server']);
  assert.equal(ada.ended, 'kicked');
});

test('LOGIN-2 two connections that come back at once under other nicknames are one person', async () => {
  const house = await open();
  const ada = await house.comeIn({ nick: 'Ada' });
  chat.disconnect(house.core(), ada.connection);
  await house.settle();
  const session = ada.session ?? '';
  const logins = ['Ada1', 'Ada2'].map((nick) =>
    chat.logIn(house.core(), house.connect().connection, { session, nick }),
  );
  await house.settle();
  for (const login of logins) await expectOk(login);
  assert.equal(new Set([...house.core().connections].map((each) => each.person)).size, 1);
});

test('LOGIN-2 a login that meets a kick, at whatever moment, is no connection to nobody', async () => {
  for (let moment = 0; moment < 16; moment += 1) {
    const house = await open();
    const ada = await house.comeIn({ nick: 'Ada', hold: true });
    await expectOk(chat.leaveRoom(house.core(), ada.connection, 'lobby'), house.settle());
    // Settles in the same turn as the login's own look-up, right before it.
    const before = house.core().options.store.directory.markRead('nobody', 1, 0);
    const again = house.connect();
    const login = chat.logIn(house.core(), again.connection, { session: ada.session ?? '' });
    const kicked = before.then(async () => {
      for (let hop = 0; hop < moment; hop += 1) await Promise.resolve();
      return chat.kick(house.core(), 'Ada', null);
    });
    await Promise.all([house.settle(), kicked]);
    await expectOk(login);
    assert.ok(again.ended === 'kicked' || again.connection.person?.departing === false, `moment ${moment}`);
  }
});

test('NAME-5 a nickname has one owner after a restart, though a former owner could not be seen off', async () => {
  const house = await open();
  const gone = await house.comeIn({ nick: 'Ada', hold: true });
  gone.connection.hold = false;
  house.server().failWrites('not-written');
  chat.disconnect(house.core(), gone.connection);
  await house.settle();
  house.server().failWrites(null);
  await house.comeIn({ nick: 'ada', hold: true });
  await house.restart();
  const here = [...house.core().people.byId.values()].filter((person) => !person.departing);
  assert.equal(here.length, 1);
  assert.equal(house.log().at(-1)?.startsWith('leave'), true);
});
