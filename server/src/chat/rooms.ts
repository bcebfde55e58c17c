import type { Room } from './room.ts';
import { skeletonOf } from './look-alikes/skeleton.ts';

/** All rooms, by name. */
export interface Rooms {
  /** The room of this name, or of one that looks like it. */
  find(name: string): Room | undefined;
  has(skeleton: string): boolean;
  add(room: Room, skeleton: string): void;
  readonly size: number;
  /** Rooms in the order of their names, after `after`. */
  page(after: string | null, limit: number): { readonly rooms: readonly Room[]; readonly more: boolean };
  all(): Iterable<Room>;
}

export function createRooms(): Rooms {
  const byName = new Map<string, Room>();
  const bySkeleton = new Map<string, Room>();
  let sorted: Room[] | null = null;
  const inOrder = (): Room[] => (sorted ??= [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1)));
  return {
    find: (name) => byName.get(name) ?? bySkeleton.get(skeletonOf(name)),
    has: (skeleton) => bySkeleton.has(skeleton),
    add(room, skeleton) {
      byName.set(room.name, room);
      bySkeleton.set(skeleton, room);
      sorted = null;
    },
    get size() {
      return byName.size;
    },
    page(after, limit) {
      const rooms = inOrder();
      const start = after === null ? 0 : rooms.findIndex((room) => room.name > after);
      if (start < 0) return { rooms: [], more: false };
      return { rooms: rooms.slice(start, start + limit), more: rooms.length > start + limit };
    },
    all: () => byName.values(),
  };
}
