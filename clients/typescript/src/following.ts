import type { EventOf } from '@teahouse/protocol';
import { followRoom, type FollowedRoom, type RoomNeeds, type Start } from './followed-room.ts';
import type { Room } from './types.ts';
import { isPerson, isPosition, readPlace, type Message } from './wire.ts';

/** All rooms that were ever joined, and the way of what the server says to them. */
export function createFollowing(needs: RoomNeeds) {
  const rooms = new Map<string, FollowedRoom>();

  function join(name: string, start: Start = {}): Promise<Room> {
    let room = rooms.get(name);
    if (!room || room.view.is === 'out') {
      room = followRoom(name, start, needs);
      rooms.set(name, room);
      room.join();
    }
    return room.joined();
  }

  /** Takes what has no `seq`; false if it is something else. */
  function takeEvent(message: Message): boolean {
    const { type, room, people, seq, text } = message;
    switch (type) {
      case 'typing':
        if (isPerson(message['from'])) needs.emit(type, message as EventOf<'typing'>);
        return true;
      case 'presence':
        if (typeof room !== 'string' || !isPosition(people)) return true;
        rooms.get(room)?.count(people);
        needs.emit(type, message as EventOf<'presence'>);
        return true;
      case 'read':
        if (typeof room === 'string' && isPosition(seq)) needs.emit(type, message as EventOf<'read'>);
        return true;
      case 'notice':
        if (typeof text === 'string') needs.emit(type, message as EventOf<'notice'>);
        return true;
      default:
        return false;
    }
  }

  function take(message: Message): void {
    if (takeEvent(message)) return;
    const place = readPlace(message);
    if (place) rooms.get(place.room)?.take(place.seq, message);
  }

  return {
    join,
    take,
    leave: (name: string) => rooms.get(name)?.leave(),
    room: (name: string) => rooms.get(name)?.view,
    ready: (name: string) => rooms.get(name)?.ready ?? false,
    online() {
      for (const room of rooms.values()) room.join();
    },
    offline() {
      for (const room of rooms.values()) room.offline();
    },
  };
}
