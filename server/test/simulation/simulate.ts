/**
 * One simulation: people at their devices, a server that stalls, fails, stops
 * and crashes, and what the protocol promises checked at each step. The same
 * seed is the same simulation.
 */
import assert from 'node:assert/strict';
import type { Duplex } from 'node:stream';
import { checkAcknowledged, createLogCheck } from './checks.ts';
import { createDevice, ROOMS, type Device } from './device.ts';
import { logOf } from './log-view.ts';
import { createPerson } from './person.ts';
import { createPipe, type Pipe, type PipeEvents } from './pipe.ts';
import { startServer, type Seams, type SimulatedServer } from './server.ts';
import { createWorld } from './world.ts';

export const NO_SEAMS: Seams = {
  store: (store) => store,
  socket: (socket: Duplex) => socket,
  recover: (disk) => disk,
};

/** Turns of trouble, before everything is mended and must come right. */
const TURNS = 600;
/** More than a leave's second try takes, less than a held place. */
const HORIZON_MS = 5_000;

/** How a simulation ended: what it did, and what was wrong or null. */
export interface SimulationResult {
  readonly seed: number;
  readonly story: readonly string[];
  readonly error: Error | null;
  /** Entries in all rooms at the end. */
  readonly entries: number;
}

export async function simulate(seed: number, seams: Seams = NO_SEAMS): Promise<SimulationResult> {
  const world = createWorld(seed);
  const { random } = world;
  const network = world.createScope();
  let server: SimulatedServer = startServer(world, null, seams);
  let disk = server.disk;
  let stopping = false;

  const restart = (): void => {
    disk = seams.recover(disk);
    server = startServer(world, disk, seams);
    stopping = false;
    world.tell('the server starts');
  };
  const crash = (): void => {
    world.tell('the server crashes');
    server.crash();
    restart();
  };
  const stop = (): void => {
    world.tell('the server stops');
    stopping = true;
    const stopped = server;
    void stopped.stop().then(() => {
      // A crash may have come between.
      if (server !== stopped) return;
      stopped.crash();
      restart();
    });
  };

  const devices: Device[] = [];
  const connect = (events: PipeEvents): Pipe | null => {
    if (!server.ready || stopping) return null;
    const { pipe, socket, lose } = createPipe(world, network, events);
    server.serve(socket, lose);
    return pipe;
  };
  const people = ['Ada', 'Bob', '小明', 'Дина'].slice(0, 2 + random.below(3)).map(createPerson);
  for (const person of people) {
    const count = random.chance(0.3) ? 2 : 1;
    for (let number = 1; number <= count; number++) {
      devices.push(createDevice(`${person.name} at ${number}`, person, { world, connect, disk: () => disk }));
    }
  }

  const trouble = (): void => {
    const what = random.below(100);
    if (what < 12) crash();
    else if (what < 18 && !stopping) stop();
    else if (what < 30 && server.ready) {
      const how = random.pick(['not-written', 'perhaps-written', null, null] as const);
      world.tell(how === null ? 'the store writes again' : `the store fails: ${how}`);
      server.failWrites(how);
    } else if (what < 34) {
      const { nick } = random.pick(people);
      world.tell(`the operator kicks ${nick}`);
      server.kick(nick);
    }
  };

  const logChecks = ROOMS.map((room) => ({
    room,
    check: createLogCheck(room, ({ seq, kind, from }) =>
      world.tell(`  ${room}/${seq} is ${kind} of ${from.nick}`),
    ),
  }));
  const checkNow = (): void => {
    for (const { room, check } of logChecks) check(logOf(disk, room));
    assert.deepEqual(server.failures, [], 'the server found something wrong itself');
    const skeletons = [...(server.core?.people.byId.values() ?? [])]
      .filter((person) => !person.departing)
      .map((person) => person.skeleton);
    assert.equal(
      new Set(skeletons).size,
      skeletons.length,
      `two people have one nickname: ${skeletons.join(' ')}`,
    );
  };

  const checkEnd = (): void => {
    checkLive();
    for (const person of people) {
      checkAcknowledged(person, disk);
      for (const wish of person.wishes)
        assert.ok(wish.acknowledged !== null, `${wish.key} was never acknowledged`);
    }
  };

  const run = async (): Promise<void> => {
    // Some worlds are calm and busy, some are stormy.
    const [bustle, storm] = [random.pick([0.2, 0.4, 0.6]), random.pick([0, 0.005, 0.01, 0.03])];
    for (let turn = 0; turn < TURNS; turn++) {
      if (random.chance(bustle)) random.pick(devices).act();
      if (random.chance(storm)) trouble();
      await world.turn(HORIZON_MS);
      checkNow();
    }
    world.tell('all is mended');
    server.failWrites(null);
    // First whoever is there sees the end without doing anything, then everybody comes and says what is unsaid.
    await untilQuiet(() => false);
    checkLive();
    await untilQuiet(() => devices.map((device) => device.settleDown()).some(Boolean));
    checkEnd();
  };

  /** Whoever follows a room has seen its end, without having done anything; whoever has left has seen nothing since. */
  const checkLive = (): void => {
    for (const device of devices.filter((each) => !each.stalled)) {
      for (const [room, view] of device.views) {
        if (!view.live) continue;
        const end = view.left > 0 ? view.left : logOf(disk, room).length;
        assert.equal(view.last, end, `${device.name} follows ${room} and has not seen its end`);
      }
    }
  };

  const untilQuiet = async (push: () => boolean): Promise<void> => {
    for (let turn = 0; turn < 20_000; turn++) {
      if (!(await world.turn(HORIZON_MS)) && !push()) return;
      checkNow();
    }
    assert.fail('it never comes to rest');
  };

  let error: Error | null = null;
  try {
    await run();
  } catch (thrown) {
    error = thrown instanceof Error ? thrown : new Error(String(thrown));
  }
  server.crash();
  return {
    seed,
    story: world.story,
    error,
    entries: ROOMS.reduce((sum, room) => sum + logOf(disk, room).length, 0),
  };
}
