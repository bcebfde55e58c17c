import { commit, type Core } from '../core.ts';
import { depart } from '../membership.ts';
import { skeletonOf } from '../names.ts';
import { authorOf } from '../person.ts';

/** In whose name the operator acts; the id is no person's. */
const OPERATOR = { id: 'server', nick: 'server' };

/**
 * The operator puts somebody out: an entry in each of their rooms, then all
 * their connections end and the nickname is free. False if nobody is called so.
 */
export async function kick(core: Core, nick: string, reason: string | null): Promise<boolean> {
  const person = core.people.called(skeletonOf(nick));
  if (person === undefined) return false;
  const target = authorOf(person);
  const rooms = [...person.rooms];
  for (const room of rooms) {
    const member = room.members.get(person.id);
    if (member !== undefined) member.leaving = true;
  }
  const outcomes = await Promise.all(
    rooms.map((room) => commit(core, room, OPERATOR, { kind: 'moderation', action: 'kick', target, reason })),
  );
  outcomes.forEach((outcome, index) => {
    const room = rooms[index];
    if (outcome.ok && room !== undefined) person.rooms.delete(room);
  });
  for (const connection of person.connections) connection.receiver.end('kicked');
  depart(core, person);
  core.options.observe({ kind: 'kicked', person: target });
  return true;
}
