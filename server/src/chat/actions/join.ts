import type { Author } from '../../store/port.ts';
import type { Connection } from '../connection.ts';
import { asking, isFailure, personOf, type Core } from '../core.ts';
import { enter, leave } from '../membership.ts';
import { inTurn } from '../person.ts';
import { fail, rateLimited, type Result } from '../result.ts';
import { tellMembers, type Room } from '../room.ts';
import type { Replay } from '../room-feed.ts';
import { visibleRoom } from './rooms.ts';

export interface Joined {
  readonly room: Room;
  /** The last seq the replay reaches; what comes after it is delivered. */
  readonly lastSeq: number;
  readonly members: readonly Author[];
  /** To be written before the turn ends. */
  readonly replay: Replay;
  /** The client's log was another, or was ahead of this one. */
  readonly reset: boolean;
}

/**
 * Enters a room and follows it from `since` on, or from now on. From the
 * moment this settles the connection's receiver gets the room's entries, so
 * the answer and the replay must be written in the same turn.
 */
export async function joinRoom(
  core: Core,
  connection: Connection,
  request: { readonly room: string; readonly since?: number; readonly log?: string },
): Promise<Result<Joined>> {
  const person = personOf(core, connection);
  if (isFailure(person)) return person;
  const wait = person.rates.join.take(core.options.now());
  if (wait > 0) return rateLimited(wait);
  const room = visibleRoom(core, request.room);
  if (isFailure(room)) return room;
  const { since, reset } = startOf(core, room, request);
  const prepared = await asking(core, 'a replay', async () => {
    if (since !== null) await room.feed.prepare(since);
    return {};
  });
  if (isFailure(prepared)) return prepared;
  return inTurn(person, async () => {
    if (person.departing || connection.closed) return fail('login_required', 'Log in first.');
    if (person.rooms.size >= core.options.limits.roomsPerPerson && !person.rooms.has(room)) {
      return fail(
        'limit_reached',
        `You are in ${person.rooms.size} rooms already, and that is the limit. Leave one first.`,
      );
    }
    const failed = await enter(core, person, room, connection.hold);
    if (failed !== null) return failed;
    if (connection.closed) return fail('login_required', 'Log in first.');
    connection.following.add(room);
    const replay = room.feed.follow(connection.receiver, person.id, since);
    return { ok: true, room, lastSeq: room.feed.shown, members: tellMembers(room), replay, reset };
  });
}

/** From where to replay: what the client asked for, or from the beginning where it knew another log. */
function startOf(
  core: Core,
  room: Room,
  request: { readonly since?: number; readonly log?: string },
): { since: number | null; reset: boolean } {
  if (request.since === undefined) return { since: null, reset: false };
  const otherLog = request.log !== undefined && request.log !== core.options.store.log;
  if (otherLog || request.since > room.feed.head) return { since: 0, reset: true };
  return { since: request.since, reset: false };
}

/** Leaves a room, on all of one's connections. */
export async function leaveRoom(core: Core, connection: Connection, name: string): Promise<Result<object>> {
  const person = personOf(core, connection);
  if (isFailure(person)) return person;
  const room = visibleRoom(core, name);
  if (isFailure(room)) return room;
  if (!room.members.has(person.id)) return fail('not_in_room', 'You are not in this room.');
  const failed = await inTurn(person, () => leave(core, person, room, null));
  return failed ?? { ok: true };
}
