import type { Author } from '../../store/port.ts';
import type { Connection } from '../connection.ts';
import { asking, commit, isFailure, personOf, type Core } from '../core.ts';
import { beCertain } from '../membership.ts';
import { checkNick } from '../names.ts';
import { authorOf, inTurn, type Person } from '../person.ts';
import { NICK_TAKEN, rateLimited, type Failure, type Result } from '../result.ts';
import type { Room } from '../room.ts';

/** Changes one's nickname: the person's record first, then one entry in each room. */
export async function changeNick(
  core: Core,
  connection: Connection,
  rawNick: string,
): Promise<Result<{ person: Author }>> {
  const person = personOf(core, connection);
  if (isFailure(person)) return person;
  const wait = person.rates.nick.take(core.options.now());
  if (wait > 0) return rateLimited(wait);
  const renamed = await rename(core, person, rawNick);
  return renamed.ok ? { ok: true, person: authorOf(person) } : renamed;
}

/** As `changeNick`, without its rate. */
export function rename(
  core: Core,
  person: Person,
  rawNick: string,
): Promise<Failure | { readonly ok: true }> {
  return inTurn(person, async () => {
    const checked = checkNick(rawNick);
    if (!checked.ok) return checked;
    if (checked.nick === person.nick) return { ok: true };
    const sameSkeleton = checked.skeleton === person.skeleton;
    if (!sameSkeleton && !core.people.claim(checked.skeleton)) return NICK_TAKEN;
    const stored = await asking(core, 'a change of nickname', async () => {
      await core.options.store.directory.renamePerson(person.id, checked.nick);
      return {};
    });
    if (isFailure(stored) || person.departing) {
      if (!sameSkeleton) core.people.release(checked.skeleton);
      return isFailure(stored) ? stored : { ok: true };
    }
    const before = authorOf(person);
    if (!sameSkeleton) core.people.release(person.skeleton);
    person.nick = checked.nick;
    person.skeleton = checked.skeleton;
    core.options.observe({ kind: 'renamed', person: before, nick: checked.nick });
    await enterInRooms(core, person, before);
    return { ok: true };
  });
}

/** An entry in each room. What cannot be stored now is not tried again: the record has the name, and later entries carry it. */
async function enterInRooms(core: Core, person: Person, before: Author): Promise<void> {
  const enterIn = async (room: Room): Promise<void> => {
    if ((await beCertain(core, room)) !== null || !room.members.has(person.id)) return;
    await commit(core, room, before, { kind: 'nick', nick: person.nick });
  };
  await Promise.all([...person.rooms].map(enterIn));
}
