import type { Entry } from '../../store/port.ts';
import type { Connection } from '../connection.ts';
import { appendEntry, asking, commit, isFailure, personOf, type Core } from '../core.ts';
import { authorOf, type Person } from '../person.ts';
import { fail, rateLimited, STORE_UNAVAILABLE, type Failure, type Result } from '../result.ts';
import type { Room } from '../room.ts';
import { checkText } from '../texts.ts';

/** Where an entry landed; `time` in ms. */
export type Stored = { readonly seq: number; readonly time: number };

/** The room a person may write to now, or why not. As far as rights exist: members write. */
export function writableRoom(core: Core, person: Person, name: string): Room | Failure {
  const room = core.rooms.find(name);
  if (room === undefined) return fail('room_not_found', 'There is no such room.');
  const member = room.members.get(person.id);
  if (member === undefined || member.leaving)
    return fail('not_in_room', 'You are not in this room. Join it first.');
  return room;
}

/**
 * Says something. Checked at once, in the order of the calls; `answer` comes
 * when it is stored, or at once with why not.
 */
export function sendMessage(
  core: Core,
  connection: Connection,
  request: { readonly room: string; readonly text: string; readonly key?: string },
  answer: (result: Result<Stored>) => void,
): void {
  const person = personOf(core, connection);
  if (isFailure(person)) return answer(person);
  const room = writableRoom(core, person, request.room);
  if (isFailure(room)) return answer(room);
  const checked = checkText(request.text, core.options.limits);
  if (!checked.ok) return answer(checked);
  const wait = person.rates.send.take(core.options.now());
  if (wait > 0) return answer(rateLimited(wait));
  const body = { kind: 'message', text: checked.text, key: request.key ?? null } as const;
  appendEntry(core, room, authorOf(person), body, (outcome) =>
    answer(outcome.ok ? outcome : STORE_UNAVAILABLE),
  );
}

/** One's own message that is not erased, or why it may not be changed. */
async function ownMessage(core: Core, person: Person, room: Room, of: number): Promise<Entry | Failure> {
  const found = await asking(core, 'reading a message', () =>
    core.options.store.read(room.id, { from: of, to: of, limit: 1, bytes: 1, cut: 'newest' }),
  );
  if (isFailure(found)) return found;
  const entry = found[0];
  if (entry === undefined || entry.kind !== 'message' || entry.text === null || entry.from.id !== person.id) {
    return fail('forbidden', 'Only your own messages can be changed, and not once they are erased.');
  }
  return entry;
}

type Change =
  | { readonly kind: 'edit'; readonly of: number; readonly text: string }
  | { readonly kind: 'delete'; readonly of: number };

async function changeMessage(
  core: Core,
  connection: Connection,
  roomName: string,
  change: Change,
): Promise<Result<Stored>> {
  const person = personOf(core, connection);
  if (isFailure(person)) return person;
  const room = writableRoom(core, person, roomName);
  if (isFailure(room)) return room;
  const wait = person.rates.send.take(core.options.now());
  if (wait > 0) return rateLimited(wait);
  const message = await ownMessage(core, person, room, change.of);
  if (isFailure(message)) return message;
  const still = writableRoom(core, person, roomName);
  if (isFailure(still)) return still;
  const outcome = await commit(core, room, authorOf(person), change);
  if (outcome.ok) return outcome;
  return outcome.why === 'gone' ? fail('forbidden', 'The message is erased.') : STORE_UNAVAILABLE;
}

/** Gives one's own message a new text. */
export async function editMessage(
  core: Core,
  connection: Connection,
  request: { readonly room: string; readonly of: number; readonly text: string },
): Promise<Result<Stored>> {
  const person = personOf(core, connection);
  if (isFailure(person)) return person;
  const checked = checkText(request.text, core.options.limits);
  if (!checked.ok) return checked;
  return changeMessage(core, connection, request.room, { kind: 'edit', of: request.of, text: checked.text });
}

/** Takes one's own message back; its text is erased. */
export function deleteMessage(
  core: Core,
  connection: Connection,
  request: { readonly room: string; readonly of: number },
): Promise<Result<Stored>> {
  return changeMessage(core, connection, request.room, { kind: 'delete', of: request.of });
}
