import type { Author, Body, Entry, Outcome, RoomState, StoredRoom } from '../store/port.ts';
import type { Connection } from './connection.ts';
import type { ChatOptions } from './options.ts';
import type { People } from './people.ts';
import type { Person } from './person.ts';
import { fail, STORE_AWAY, type Failure } from './result.ts';
import { applyEntry, createRoom, type Room } from './room.ts';
import { createRoomFeed } from './room-feed.ts';
import type { Rooms } from './rooms.ts';

/** What the actions work on. */
export interface Core {
  readonly options: ChatOptions;
  readonly people: People;
  readonly rooms: Rooms;
  readonly connections: Set<Connection>;
  /** Places held now, by address. */
  readonly holds: Map<string, number>;
  /** Sessions that ended just now, by their hash: a login with one may be under way. */
  readonly ended: Set<string>;
  /** Appends that have not settled. */
  pending: number;
  /** Called when `pending` falls to 0. */
  idle: (() => void) | null;
  stopping: boolean;
  /** Rooms that the store is making. */
  roomsInTheMaking: number;
  cancelPruning: () => void;
}

/** Who is logged in on a connection; a failure before login, and while the server stops. */
export function personOf(core: Core, connection: Connection): Person | Failure {
  if (core.stopping) return fail('server_stopping', 'The server is stopping.');
  return connection.person ?? fail('login_required', 'Log in first.');
}

export function isFailure(value: object): value is Failure {
  return 'code' in value;
}

/** The one way into the log: appends, lets the feed have what was committed, and answers. */
export function appendEntry(
  core: Core,
  room: Room,
  from: Author,
  body: Body,
  settle: (outcome: Outcome) => void,
  hold = false,
): void {
  core.pending += 1;
  room.feed.doubt.begin();
  core.options.store.append({ room: room.id, from, body, hold }, (outcome) => {
    try {
      if (outcome.ok && !outcome.repeated) {
        const entry: Entry = { ...body, seq: outcome.seq, time: outcome.time, from };
        room.feed.offer(entry);
      }
      room.feed.doubt.settle(outcome);
      settle(outcome);
    } finally {
      core.pending -= 1;
      if (core.pending === 0) core.idle?.();
    }
  });
}

/** As `appendEntry`, as a promise. */
export function commit(core: Core, room: Room, from: Author, body: Body, hold = false): Promise<Outcome> {
  return new Promise((resolve) => {
    appendEntry(core, room, from, body, resolve, hold);
  });
}

/** Runs something that asks the store; a store that is away becomes the failure that says so. */
export async function asking<T>(core: Core, what: string, ask: () => Promise<T>): Promise<T | Failure> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Error && error.name === 'StoreUnavailable') return STORE_AWAY;
    core.options.observe({ kind: 'trouble', where: 'chat', message: `${what} failed`, error });
    return fail('internal', 'The server made a mistake. It is in its log; trying again may help.');
  }
}

/** The state of a room that was made just now. */
export const NEW_ROOM: RoomState = { lastSeq: 0, lastTime: 0, members: [] };

/** Opens a stored room at this state; its feed goes on from there. */
export function openRoom(options: ChatOptions, stored: StoredRoom, state: RoomState): Room {
  const feed = createRoomFeed({
    id: stored.id,
    name: stored.name,
    lastSeq: state.lastSeq,
    store: options.store,
    endOfTurn: options.endOfTurn,
    limits: options.limits,
    setTimer: options.setTimer,
    apply: (entry) => applyEntry(room, entry),
    onTrouble: (error) =>
      options.observe({ kind: 'trouble', where: 'chat', message: 'reading a gap of the log failed', error }),
  });
  const room = createRoom(stored, state.members, feed);
  return room;
}
