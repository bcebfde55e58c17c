import { LIMITS } from '@teahouse/protocol';
import type { Author } from '../../store/port.ts';
import type { Connection } from '../connection.ts';
import { asking, commit, isFailure, NEW_ROOM, openRoom, personOf, type Core } from '../core.ts';
import { authorOf } from '../person.ts';
import { checkRoomName } from '../names.ts';
import { fail, rateLimited, STORE_UNAVAILABLE, type Failure, type Result } from '../result.ts';
import { LOBBY, memberIds, type Room } from '../room.ts';
import { checkTopic } from '../texts.ts';
import { writableRoom, type Stored } from './messages.ts';

/** The room of this name that one may see. */
export function visibleRoom(core: Core, name: string): Room | Failure {
  return core.rooms.find(name) ?? fail('room_not_found', 'There is no such room.');
}

/** Makes a public room. */
export async function createRoom(
  core: Core,
  connection: Connection,
  request: { readonly room: string; readonly topic?: string },
): Promise<Result<{ room: Room }>> {
  const person = personOf(core, connection);
  if (isFailure(person)) return person;
  const wait = person.rates.create.take(core.options.now());
  if (wait > 0) return rateLimited(wait);
  const name = checkRoomName(request.room);
  if (!name.ok) return name;
  const topic = checkTopic(request.topic ?? '');
  if (!topic.ok) return topic;
  if (core.rooms.has(name.skeleton)) return roomExists();
  if (core.rooms.size + core.roomsInTheMaking >= core.options.limits.rooms)
    return fail(
      'limit_reached',
      `There are ${core.options.limits.rooms} rooms already, and that is the limit.`,
    );
  core.roomsInTheMaking += 1;
  const made = await asking(core, 'making a room', async () => {
    const stored = await core.options.store.directory.createRoom({
      name: name.name,
      skeleton: name.skeleton,
      topic: topic.text,
      creator: person.id,
    });
    return stored === null ? roomExists() : { room: openRoom(core.options, stored, NEW_ROOM) };
  }).finally(() => (core.roomsInTheMaking -= 1));
  if (isFailure(made)) return made;
  core.rooms.add(made.room, name.skeleton);
  return { ok: true, room: made.room };
}

function roomExists(): Failure {
  return fail('room_exists', 'A room of this name, or one that looks like it, is already there.');
}

/** Who may set the topic: the room's creator; of a room that nobody owns, anybody in it, but the lobby's is the operator's. */
function maySetTopic(room: Room, person: string): boolean {
  return room.creator === null ? room.name !== LOBBY : room.creator === person;
}

/** Sets the topic. */
export async function setTopic(
  core: Core,
  connection: Connection,
  request: { readonly room: string; readonly topic: string },
): Promise<Result<Stored>> {
  const person = personOf(core, connection);
  if (isFailure(person)) return person;
  const room = writableRoom(core, person, request.room);
  if (isFailure(room)) return room;
  const topic = checkTopic(request.topic);
  if (!topic.ok) return topic;
  if (!maySetTopic(room, person.id)) return fail('forbidden', 'The topic of this room is not yours to set.');
  const wait = person.rates.send.take(core.options.now());
  if (wait > 0) return rateLimited(wait);
  const outcome = await commit(core, room, authorOf(person), { kind: 'topic', topic: topic.text });
  return outcome.ok ? outcome : STORE_UNAVAILABLE;
}

export interface RoomRow {
  readonly room: Room;
  readonly joined: boolean;
  readonly marker: { readonly read: number; readonly unread: number; readonly mentions: number } | null;
}

/** Bytes of a row besides its topic, at most. */
const ROW_BYTES = 512;

/** A page that ends, as other pages do, where its bytes would be too many. */
function fittingRooms(
  core: Core,
  page: { readonly rooms: readonly Room[]; readonly more: boolean },
): typeof page {
  let bytes = 0;
  const end = page.rooms.findIndex((room) => {
    bytes += ROW_BYTES + Buffer.byteLength(JSON.stringify(room.topic));
    return bytes > core.options.limits.pageBytes;
  });
  return end < 0 ? page : { rooms: page.rooms.slice(0, end), more: true };
}

/** A page of the public rooms, in the order of their names, with what is unread in those that have a marker. */
export async function listRooms(
  core: Core,
  connection: Connection,
  request: { readonly after?: string; readonly limit?: number },
): Promise<Result<{ rows: readonly RoomRow[]; more: boolean }>> {
  const person = personOf(core, connection);
  if (isFailure(person)) return person;
  const wait = person.rates.history.take(core.options.now());
  if (wait > 0) return rateLimited(wait);
  const page = fittingRooms(core, core.rooms.page(request.after ?? null, request.limit ?? LIMITS.roomRows));
  const unread = await asking(core, 'counting unread messages', () =>
    core.options.store.directory.unread(
      authorOf(person),
      page.rooms.map((room) => room.id),
    ),
  );
  if (isFailure(unread)) return unread;
  const markers = new Map(
    unread.map((row) => [row.room, { read: row.marker, unread: row.unread, mentions: row.mentions }]),
  );
  const rows = page.rooms.map((room) => ({
    room,
    joined: room.members.has(person.id),
    marker: markers.get(room.id) ?? null,
  }));
  return { ok: true, rows, more: page.more };
}

/** A page of a room's members, in the order of their ids. Only members see who is there. */
export function listMembers(
  core: Core,
  connection: Connection,
  request: { readonly room: string; readonly after?: string; readonly limit?: number },
): Result<{ members: readonly Author[]; more: boolean }> {
  const person = personOf(core, connection);
  if (isFailure(person)) return person;
  const room = visibleRoom(core, request.room);
  if (isFailure(room)) return room;
  if (!room.members.has(person.id)) return fail('not_in_room', 'You are not in this room. Join it first.');
  const limit = request.limit ?? LIMITS.memberRows;
  const after = request.after ?? '';
  const ids = memberIds(room);
  const found = ids.findIndex((id) => id > after);
  const start = found < 0 ? ids.length : found;
  const members = ids.slice(start, start + limit).flatMap((id) => {
    const member = room.members.get(id);
    return member === undefined ? [] : [{ id: member.id, nick: member.nick }];
  });
  return { ok: true, members, more: ids.length > start + limit };
}
