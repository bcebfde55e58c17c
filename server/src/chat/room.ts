import type { Author, Entry, RoomId, StoredRoom } from '../store/port.ts';
import type { RoomFeed } from './room-feed.ts';

/** The room that exists from the first start. */
export const LOBBY = 'lobby';

/** Somebody who is in a room. */
export interface Member extends Author {
  /** On the way out: what they ask for now is refused, though the entry is not committed yet. */
  leaving: boolean;
}

/** An open room: its state as the log says it, and the feed. */
export interface Room {
  readonly id: RoomId;
  readonly name: string;
  readonly creator: string | null;
  topic: string;
  readonly members: Map<string, Member>;
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
    feed,
    crowd: null,
  };
}

/** Brings the room's state in step with a committed entry. */
export function applyEntry(room: Room, entry: Entry): void {
  switch (entry.kind) {
    case 'enter':
      room.members.set(entry.from.id, { ...entry.from, leaving: false });
      break;
    case 'leave':
      room.members.delete(entry.from.id);
      break;
    case 'moderation':
      room.members.delete(entry.target.id);
      break;
    case 'nick': {
      const member = room.members.get(entry.from.id);
      if (member !== undefined) room.members.set(entry.from.id, { ...member, nick: entry.nick });
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
