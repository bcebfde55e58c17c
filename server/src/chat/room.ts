import { LIMITS } from '@teahouse/protocol';
import type { Author, Entry, RoomId, StoredRoom } from '../store/port.ts';
import type { RoomFeed } from './room-feed.ts';

/** The room that exists from the first start. */
export const LOBBY = 'lobby';

/** Somebody who is in a room. */
export interface Member extends Author {
  nick: string;
  /** On the way out: what they ask for now is refused, though the entry is not committed yet. */
  leaving: boolean;
}

/** An open room: its state as the log says it, and the feed. */
export interface Room {
  readonly id: RoomId;
  readonly name: string;
  readonly creator: string | null;
  topic: string;
  /** By id. Changed by `addMember` and `removeMember` only. */
  readonly members: ReadonlyMap<string, Member>;
  /** The members' ids in order; null until somebody asks again. */
  memberOrder: readonly string[] | null;
  /** Those of them that a newcomer is told; the same array until one of them changes. */
  someMembers: readonly Author[] | null;
  readonly feed: RoomFeed;
  /** Who came and went since the last `presence` signal; null while none is due. */
  crowd: { came: number; went: number } | null;
}

export function createRoom(stored: StoredRoom, members: readonly Author[], feed: RoomFeed): Room {
  const map = new Map<string, Member>();
  for (const member of members) map.set(member.id, { id: member.id, nick: member.nick, leaving: false });
  return {
    id: stored.id,
    name: stored.name,
    creator: stored.creator,
    topic: stored.topic,
    members: map,
    memberOrder: null,
    someMembers: null,
    feed,
    crowd: null,
  };
}

export function addMember(room: Room, member: Author): void {
  (room.members as Map<string, Member>).set(member.id, { ...member, leaving: false });
  room.memberOrder = null;
  if (room.someMembers !== null && room.someMembers.length < LIMITS.joinMembers) room.someMembers = null;
}

export function removeMember(room: Room, id: string): void {
  (room.members as Map<string, Member>).delete(id);
  room.memberOrder = null;
  room.someMembers = null;
}

/** The members' ids, sorted once for all who page through them. */
export function memberIds(room: Room): readonly string[] {
  room.memberOrder ??= [...room.members.keys()].sort();
  return room.memberOrder;
}

/** The members that a newcomer is told, those longest there first. */
export function tellMembers(room: Room): readonly Author[] {
  room.someMembers ??= room.members
    .values()
    .take(LIMITS.joinMembers)
    .map(({ id, nick }) => ({ id, nick }))
    .toArray();
  return room.someMembers;
}

/** Brings the room's state in step with a committed entry. */
export function applyEntry(room: Room, entry: Entry): void {
  switch (entry.kind) {
    case 'enter':
      addMember(room, entry.from);
      break;
    case 'leave':
      removeMember(room, entry.from.id);
      break;
    case 'moderation':
      removeMember(room, entry.target.id);
      break;
    case 'nick': {
      const member = room.members.get(entry.from.id);
      if (member !== undefined) member.nick = entry.nick;
      room.someMembers = null;
      break;
    }
    case 'topic':
      room.topic = entry.topic;
      break;
    case 'message':
    case 'edit':
    case 'delete':
      break;
    default:
      entry satisfies never;
  }
}
