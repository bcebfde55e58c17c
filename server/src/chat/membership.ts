import { addressKey } from '../limits/addresses.ts';
import { asking, commit, isFailure, type Core } from './core.ts';
import { authorOf, inTurn, type Person } from './person.ts';
import { STORE_UNAVAILABLE, type Failure } from './result.ts';
import { addMember, removeMember, type Room } from './room.ts';

/** How long to wait before a leave that could not be stored is tried again, in ms. */
const RETRY_MS = 1_000;
/** At most one `presence` signal a room in this time, in ms. */
const CROWD_MS = 1_000;
/** And this long for each person in the room (ms): what the signals of a room cost stays the same however large it grows. */
const CROWD_MS_EACH = 1;

/** Tells a large room how many came and went, at most once a second. */
function countInCrowd(core: Core, room: Room, came: number, went: number): void {
  if (room.crowd !== null) {
    room.crowd.came += came;
    room.crowd.went += went;
    return;
  }
  room.crowd = { came, went };
  const ms = Math.max(CROWD_MS, room.members.size * CROWD_MS_EACH);
  core.options.setTimer(() => {
    const signal = {
      type: 'presence',
      room: room.name,
      people: room.members.size,
      ...(room.crowd ?? { came: 0, went: 0 }),
    } as const;
    room.crowd = null;
    for (const receiver of room.feed.receivers) receiver.signal(signal);
  }, ms);
}

/** The room's member list is what the log says, after a failed append too; a failure where that cannot be known now. */
export async function beCertain(core: Core, room: Room): Promise<Failure | null> {
  const certain = await asking(core, 'reading on after a failed append', async () => ({
    is: await room.feed.doubt.dispel(),
  }));
  if (isFailure(certain)) return certain;
  return certain.is ? null : STORE_UNAVAILABLE;
}

/** Makes somebody a member: with an entry in a room of ordinary size, without one in a crowd. */
export async function enter(core: Core, person: Person, room: Room, hold: boolean): Promise<Failure | null> {
  const unknown = await beCertain(core, room);
  if (unknown !== null) return unknown;
  // Before it is written: a person whose entering has perhaps been written has to leave some day.
  person.rooms.add(room);
  if (room.members.has(person.id)) {
    // There may have been a leave that failed, and is not in the log.
    stay(room, person);
    return null;
  }
  const failed =
    room.members.size < core.options.limits.presencePeople
      ? await enterByEntry(core, person, room, hold)
      : await enterCrowd(core, person, room, hold);
  if (failed !== null) return failed;
  core.options.observe({ kind: 'entered', person: authorOf(person), room: room.name });
  return null;
}

async function enterByEntry(core: Core, person: Person, room: Room, hold: boolean): Promise<Failure | null> {
  const outcome = await commit(core, room, authorOf(person), { kind: 'enter' }, hold);
  if (outcome.ok || ((await beCertain(core, room)) === null && room.members.has(person.id))) return null;
  return STORE_UNAVAILABLE;
}

async function enterCrowd(core: Core, person: Person, room: Room, hold: boolean): Promise<Failure | null> {
  const stored = { id: person.id, nick: person.nick, hold };
  const done = await asking(core, 'entering a room', async () => {
    await core.options.store.directory.setMember(room.id, stored, true);
    return {};
  });
  if (isFailure(done)) return done;
  addMember(room, authorOf(person));
  countInCrowd(core, room, 1, 0);
  return null;
}

/** Ends a membership, on all connections of the person. What the feed has for them ends with the entry. */
export async function leave(
  core: Core,
  person: Person,
  room: Room,
  reason: string | null,
): Promise<Failure | null> {
  const unknown = await beCertain(core, room);
  if (unknown !== null) return unknown;
  const member = room.members.get(person.id);
  if (member !== undefined) {
    member.leaving = true;
    const crowded = room.members.size > core.options.limits.presencePeople;
    const failed = crowded
      ? await leaveCrowd(core, person, room)
      : await leaveByEntry(core, person, room, reason);
    if (failed !== null) return failed;
  }
  forget(core, person, room);
  return null;
}

function forget(core: Core, person: Person, room: Room): void {
  if (!person.rooms.delete(room)) return;
  for (const connection of person.connections) connection.following.delete(room);
  core.options.observe({ kind: 'left', person: authorOf(person), room: room.name });
}

/** Where it failed and is not in the log, everything is as before; until that is known the person may not write. */
async function leaveByEntry(
  core: Core,
  person: Person,
  room: Room,
  reason: string | null,
): Promise<Failure | null> {
  const outcome = await commit(core, room, authorOf(person), { kind: 'leave', reason });
  if (outcome.ok) return null;
  if ((await beCertain(core, room)) !== null) {
    clearUpLater(core, person, room);
    return STORE_UNAVAILABLE;
  }
  if (!room.members.has(person.id)) return null;
  stay(room, person);
  return STORE_UNAVAILABLE;
}

/** Finds out, once the log can be read again, whether a leave that failed is in it. */
function clearUpLater(core: Core, person: Person, room: Room): void {
  const clearUp = async (): Promise<void> => {
    if (core.stopping) return;
    if ((await beCertain(core, room)) !== null) clearUpLater(core, person, room);
    else if (room.members.has(person.id)) stay(room, person);
    else forget(core, person, room);
  };
  core.options.setTimer(() => void inTurn(person, clearUp), RETRY_MS);
}

function stay(room: Room, person: Person): void {
  const member = room.members.get(person.id);
  if (member !== undefined) member.leaving = false;
}

async function leaveCrowd(core: Core, person: Person, room: Room): Promise<Failure | null> {
  const done = await asking(core, 'leaving a room', async () => {
    await core.options.store.directory.setMember(
      room.id,
      { id: person.id, nick: person.nick, hold: false },
      false,
    );
    return {};
  });
  if (isFailure(done)) {
    stay(room, person);
    return done;
  }
  removeMember(room, person.id);
  for (const { receiver } of person.connections) room.feed.unfollow(receiver);
  countInCrowd(core, room, 0, 1);
  return null;
}

/** Leaves, and tries again until the store has it or the server stops. */
async function leaveForGood(core: Core, person: Person, room: Room): Promise<void> {
  while (!core.stopping && (await leave(core, person, room, null)) !== null) {
    await new Promise<void>((resolve) => core.options.setTimer(resolve, RETRY_MS));
  }
}

/** The person is gone: the nickname is free at once, the rooms are left. */
export function depart(core: Core, person: Person): void {
  if (person.departing) return;
  person.departing = true;
  endHold(core, person);
  core.people.release(person.skeleton);
  void inTurn(person, async () => {
    await Promise.all([...person.rooms].map((room) => leaveForGood(core, person, room)));
    core.people.remove(person);
  });
}

/** Keeps a lost person's place and nickname for a while; without room for another hold of that address they depart at once. */
export function startHold(core: Core, person: Person, address: string | null): void {
  if (address !== null) {
    const key = addressKey(address);
    const held = core.holds.get(key) ?? 0;
    if (held >= core.options.holdsOf(address)) {
      depart(core, person);
      return;
    }
    core.holds.set(key, held + 1);
    person.holdKey = key;
  }
  person.cancelHold = core.options.setTimer(
    () => depart(core, person),
    core.options.limits.holdSeconds * 1_000,
  );
}

/** The person is back, or gone for good. */
export function endHold(core: Core, person: Person): void {
  person.cancelHold?.();
  person.cancelHold = null;
  if (person.holdKey === null) return;
  const held = (core.holds.get(person.holdKey) ?? 1) - 1;
  if (held > 0) core.holds.set(person.holdKey, held);
  else core.holds.delete(person.holdKey);
  person.holdKey = null;
}
