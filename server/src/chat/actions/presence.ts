import type { Connection } from '../connection.ts';
import { asking, isFailure, personOf, type Core } from '../core.ts';
import { authorOf } from '../person.ts';
import { rateLimited, type Result } from '../result.ts';
import { writableRoom } from './messages.ts';
import { visibleRoom } from './rooms.ts';

/** Shows the others in a room that one writes, or stopped. */
export function setTyping(
  core: Core,
  connection: Connection,
  request: { readonly room: string; readonly on?: boolean },
): Result<object> {
  const person = personOf(core, connection);
  if (isFailure(person)) return person;
  const room = writableRoom(core, person, request.room);
  if (isFailure(room)) return room;
  const on = request.on ?? true;
  const wait = person.rates.typing.take(core.options.now());
  // That one stopped shows by itself after a while.
  if (wait > 0) return on ? rateLimited(wait) : { ok: true };
  const signal = { type: 'typing', room: room.name, from: authorOf(person), on } as const;
  const own = new Set([...person.connections].map((each) => each.receiver));
  for (const receiver of room.feed.receivers) if (!own.has(receiver)) receiver.signal(signal);
  return { ok: true };
}

/** Moves one's read marker on; it never goes back, nor past the room's end. One's other connections are told. */
export async function markRead(
  core: Core,
  connection: Connection,
  request: { readonly room: string; readonly seq: number },
): Promise<Result<{ seq: number }>> {
  const person = personOf(core, connection);
  if (isFailure(person)) return person;
  const room = visibleRoom(core, request.room);
  if (isFailure(room)) return room;
  const moved = await asking(core, 'moving a read marker', async () => ({
    seq: await core.options.store.directory.markRead(
      person.id,
      room.id,
      Math.min(request.seq, room.feed.shown),
    ),
  }));
  if (isFailure(moved)) return moved;
  const signal = { type: 'read', room: room.name, seq: moved.seq } as const;
  for (const other of person.connections) if (other !== connection) other.receiver.signal(signal);
  return { ok: true, seq: moved.seq };
}
