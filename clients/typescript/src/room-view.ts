import type { WireEntry } from '@teahouse/protocol';
import type { Person, Room } from './types.ts';

/** The room's topic, head count and members after an entry. */
export function applyEntry(room: Room, entry: WireEntry): Room {
  switch (entry.type) {
    case 'topic':
      return { ...room, topic: entry.topic };
    case 'nick':
      return {
        ...room,
        members: room.members.map((member) =>
          member.id === entry.from.id ? { id: member.id, nick: entry.nick } : member,
        ),
      };
    case 'enter':
      return comeIn(room, entry.from);
    case 'leave':
      return goOut(room, entry.from);
    case 'moderation':
      return entry.action === 'kick' ? goOut(room, entry.target) : room;
    case 'message':
    case 'edit':
    case 'delete':
      return room;
    default:
      return entry satisfies never;
  }
}

function comeIn(room: Room, person: Person): Room {
  if (room.members.some((member) => member.id === person.id)) return room;
  return { ...room, people: room.people + 1, members: [...room.members, person] };
}

function goOut(room: Room, person: Person): Room {
  return {
    ...room,
    people: Math.max(0, room.people - 1),
    members: room.members.filter((member) => member.id !== person.id),
  };
}

/** Whether an entry puts this person out of the room, and by whose will. */
export function putsOut(entry: WireEntry, personId: string): 'left' | 'kicked' | undefined {
  if (entry.type === 'leave' && entry.from.id === personId) return 'left';
  if (entry.type === 'moderation' && entry.action === 'kick' && entry.target.id === personId) return 'kicked';
  return undefined;
}
