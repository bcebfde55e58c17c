/**
 * One run of the server in a simulated world: the real chat, feed and native
 * front end on the memory store. It can stop, or crash between any two steps;
 * the next run starts from the same disk.
 */
import type { Duplex } from 'node:stream';
import { LIMITS } from '@teahouse/protocol';
import { createChat, kick, stopChat, type Core } from '../../src/chat/index.ts';
import { serveTcp, type NativeOptions } from '../../src/frontends/native/index.ts';
import { UNLIMITED } from '../../src/limits/token-bucket.ts';
import type { MemoryDisk } from '../../src/store/memory-model.ts';
import { createMemoryStore, type MemoryStore, type WriteFailure } from '../../src/store/memory.ts';
import type { Store } from '../../src/store/port.ts';
import { createTurn } from '../../src/compose/turn.ts';
import type { Scope, World } from './world.ts';

/** Small, so that a simulation gets to them. */
export const SMALL = { replayEntries: 12, outboxBytes: 6_000, presencePeople: 200, holdSeconds: 60 } as const;

/** Where a planted bug sits between the parts: the identity where there is none. */
export interface Seams {
  store(store: Store, disk: MemoryDisk): Store;
  socket(socket: Duplex): Duplex;
  /** What is on the disk after a crash. */
  recover(disk: MemoryDisk): MemoryDisk;
}

export interface SimulatedServer {
  readonly ready: boolean;
  /** Null until it is ready. */
  readonly core: Core | null;
  readonly disk: MemoryDisk;
  serve(socket: Duplex, lose: () => void): void;
  failWrites(how: WriteFailure | null): void;
  kick(nick: string): void;
  stop(): Promise<void>;
  crash(): void;
  /** What the server itself found wrong. */
  readonly failures: readonly unknown[];
}

/** A read's answer travels: what was committed meanwhile is settled before it arrives. */
function delayReads(store: Store, scope: Scope): Store {
  const delayed = <T>(answer: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      answer.then(
        (value) => scope.schedule(() => resolve(value)),
        (error: Error) => scope.schedule(() => reject(error)),
      );
    });
  return {
    ...store,
    log: store.log,
    get healthy() {
      return store.healthy;
    },
    open: (room) => delayed(store.open(room)),
    read: (room, range) => delayed(store.read(room, range)),
    history: (room, query) => delayed(store.history(room, query)),
    heads: (rooms) => delayed(store.heads(rooms)),
  };
}

export function startServer(world: World, before: MemoryDisk | null, seams: Seams): SimulatedServer {
  const scope = world.createScope();
  const failures: unknown[] = [];
  const losses: (() => void)[] = [];
  const store: MemoryStore = createMemoryStore({
    clock: { now: world.wallClock, after: (ms, run) => scope.setTimer(run, ms) },
    random: world.random.bytes,
    schedule: scope.schedule,
    ...(before === null ? {} : { disk: before }),
  });
  const turn = createTurn(scope.schedule);
  const seen = seams.store(delayReads(store, scope), store.disk);
  let core: Core | null = null;
  let native: NativeOptions | null = null;

  void createChat({
    store: seen,
    limits: { ...LIMITS, ...SMALL, rooms: 10, sessionMs: 30 * 86_400_000 },
    rates: {
      requests: UNLIMITED,
      send: UNLIMITED,
      join: UNLIMITED,
      nick: UNLIMITED,
      typing: UNLIMITED,
      history: UNLIMITED,
      create: UNLIMITED,
    },
    now: world.now,
    setTimer: scope.setTimer,
    randomBytes: world.random.bytes,
    endOfTurn: turn.deliver,
    holdsOf: () => 4,
    observe: (event) => {
      if (event.kind === 'trouble') failures.push(event.error);
    },
    lobbyTopic: 'Tea at four',
  }).then(
    (made) => {
      core = made;
      native = createNativeOptions(made);
    },
    (error: unknown) => failures.push(error),
  );

  const createNativeOptions = (made: Core): NativeOptions => ({
    core: made,
    hello: JSON.stringify({
      type: 'hello',
      server: 'Teahouse',
      protocol: 1,
      log: store.log,
      login: ['guest', 'session'],
      limits: {},
    }),
    limits: {
      lineBytes: LIMITS.lineBytes,
      requestsBeforeLogin: LIMITS.requestsBeforeLogin,
      bytesBeforeLogin: LIMITS.bytesBeforeLogin,
      loginTimeoutSeconds: 10,
      connectTimeoutSeconds: 60,
      outboxBytes: SMALL.outboxBytes,
      pingSeconds: 90,
    },
    rates: { requestsPerConnection: UNLIMITED },
    elapsed: () => 0,
    takeAddress: () => 0,
    setTimer: scope.setTimer,
    endOfTurn: turn.write,
    refused: () => {},
    closing: () => {},
    failed: (error) => void failures.push(error),
  });

  return {
    failures,
    disk: store.disk,
    get ready() {
      return native !== null;
    },
    get core() {
      return core;
    },
    serve(socket, lose) {
      if (native === null) return;
      losses.push(lose);
      serveTcp(native, seams.socket(socket), '192.0.2.1');
    },
    failWrites: store.failWrites,
    kick(nick) {
      if (core !== null) void kick(core, nick, null);
    },
    async stop() {
      if (core !== null) await stopChat(core);
      await store.close();
    },
    crash() {
      store.crash();
      scope.end();
      for (const lose of losses) lose();
    },
  };
}
