import type { Author } from '../../store/port.ts';
import { commit, type Core } from '../core.ts';
import { beCertain, depart } from '../membership.ts';
import { skeletonOf } from '../look-alikes/skeleton.ts';
import { authorOf, inTurn } from '../person.ts';
import type { Room } from '../room.ts';

/** In whose name the operator acts; the id is no person's. */
const OPERATOR = { id: 'server', nick: 'server' };

/**
 * The operator puts somebody out: an entry in each of their rooms, then all
 * their connections end and the nickname is free. False if nobody is called so.
 */
export async function kick(core: Core, nick: string, reason: string | null): Promise<boolean> {
  const person = core.people.called(skeletonOf(nick));
  if (person === undefined) return false;
  return inTurn(person, async () => {
    if (person.departing) return false;
    const target = authorOf(person);
    await Promise.all([...person.rooms].map((room) => putOut(core, room, target, reason)));
    for (const connection of person.connections) connection.receiver.end('kicked');
    // Where it could not be stored, their leaving will be.
    depart(core, person);
    core.options.observe({ kind: 'kicked', person: target });
    return true;
  });
}

async function putOut(core: Core, room: Room, target: Author, reason: string | null): Promise<void> {
  if ((await beCertain(core, room)) !== null) return;
  const member = room.members.get(target.id);
  if (member === undefined) return;
  member.leaving = true;
  await commit(core, room, OPERATOR, { kind: 'moderation', action: 'kick', target, reason });
}
