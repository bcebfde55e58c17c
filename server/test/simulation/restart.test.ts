import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as chat from '../../src/chat/index.ts';
import { startServer } from './server.ts';
import { NO_SEAMS } from './simulate.ts';
import { createWorld } from './world.ts';

const IGNORE: chat.Receiver = { deliver() {}, signal() {}, end() {} };

test('NAME-5 a nickname has one owner after a restart, though a former owner could not be seen off', async () => {
  const world = createWorld(1);
  const untilQuiet = async (): Promise<void> => {
    await world.turn(0);
    while (await world.turn(0));
  };
  const first = startServer(world, null, NO_SEAMS);
  await untilQuiet();
  const core = first.core;
  assert.ok(core !== null);
  const comeIn = async (nick: string, hold: boolean): Promise<chat.Connection> => {
    const connection = chat.connect(core, IGNORE, 'tcp', '192.0.2.1');
    const login = chat.logIn(core, connection, { nick, hold });
    await untilQuiet();
    const joined = login.then(() => chat.joinRoom(core, connection, { room: 'lobby' }));
    await untilQuiet();
    assert.ok((await joined).ok);
    return connection;
  };

  const gone = await comeIn('Ada', true);
  gone.hold = false;
  first.failWrites('not-written');
  chat.disconnect(core, gone);
  await untilQuiet();
  first.failWrites(null);
  await comeIn('ada', true);
  first.crash();

  const second = startServer(world, first.disk, NO_SEAMS);
  await untilQuiet();
  const here = [...(second.core?.people.byId.values() ?? [])].filter((person) => !person.departing);
  assert.equal(here.length, 1);
  const log = [...second.disk.rooms.values()][0]?.entries.map(({ kind }) => kind);
  assert.deepEqual(log, ['enter', 'enter', 'leave']);
});
