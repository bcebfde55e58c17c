/**
 * Rooms, people and what they may do, between front ends and the store. Knows no protocol, no socket and no SQL;
 * clock, timers, randomness and the end of a turn are handed in.
 */
import { checkTopic } from './texts.ts';
import type { Connection, Via } from './connection.ts';
import { NEW_ROOM, openRoom, type Core } from './core.ts';
import { depart, endHold, startHold } from './membership.ts';
import { skeletonOf } from './look-alikes/skeleton.ts';
import { checkRoomName } from './names.ts';
import type { ChatOptions } from './options.ts';
import { createPeople } from './people.ts';
import { createPerson } from './person.ts';
import { startPruning } from './pruning.ts';
import type { Receiver } from './receiver.ts';
import { LOBBY, type Room } from './room.ts';
import { createRooms } from './rooms.ts';

export { editMessage, deleteMessage, sendMessage } from './actions/messages.ts';
export { joinRoom, leaveRoom } from './actions/join.ts';
export { createRoom, listMembers, listRooms, setTopic } from './actions/rooms.ts';
export { logIn, logInClassic, logOut, whoAmI } from './actions/login.ts';
export { changeNick } from './actions/nick.ts';
export { findConnections } from './actions/find-connections.ts';
export { readHistory } from './actions/history.ts';
export { readPast, type PastReader } from './actions/read-past.ts';
export { markRead, setTyping } from './actions/presence.ts';
export { kick } from './actions/kick.ts';
export type { Connection, Via } from './connection.ts';
export type { Core } from './core.ts';
export {
  createBatch,
  encodeItem,
  FORMAT_SLOTS,
  packItems,
  type Batch,
  type Format,
  type Item,
} from './format.ts';
export type { ChatEvent, ChatLimits, ChatOptions, ChatRates } from './options.ts';
export type { EndReason, Receiver, Signal } from './receiver.ts';
export { fail, rateLimited, type Failure, type Result } from './result.ts';
export { LOBBY, type Room } from './room.ts';
export type { Author, Entry, FoldedEntry } from '../store/port.ts';

/** Opens all rooms. Whoever was in one when the server ended has their place held for a while, or leaves at once where it was not to be held. */
export async function createChat(options: ChatOptions): Promise<Core> {
  const core: Core = {
    options,
    people: createPeople(),
    rooms: createRooms(),
    connections: new Set(),
    holds: new Map(),
    ended: new Set(),
    pending: 0,
    idle: null,
    stopping: false,
    roomsInTheMaking: 0,
    cancelPruning: () => undefined,
  };
  const { directory } = options.store;
  const stored = [...(await directory.rooms())];
  if (!stored.some((room) => room.name === LOBBY)) {
    const topic = checkTopic(options.lobbyTopic);
    const lobby = await directory.createRoom({
      name: LOBBY,
      skeleton: skeletonOf(LOBBY),
      topic: topic.ok ? topic.text : '',
      creator: null,
    });
    if (lobby !== null) stored.push(lobby);
  }
  const toHold = new Set<string>();
  for (const each of stored) {
    const state = await options.store.open(each.id);
    const room = openRoom(options, each, state);
    if (room.name === LOBBY) room.topic = options.lobbyTopic;
    core.rooms.add(room, each.skeleton);
    takeInMembers(core, room);
    for (const member of state.members) if (member.hold) toHold.add(member.id);
  }
  for (const person of [...core.people.byId.values()]) {
    if (toHold.has(person.id) && person.skeleton !== NO_CLAIM) startHold(core, person, null);
    else depart(core, person);
  }
  startPruning(core);
  return core;
}

/** The room of this name, made if it is not there: for listeners that lead into a room of their own. Rejects where the name is none. */
export async function ensureRoom(core: Core, name: string): Promise<Room> {
  const here = core.rooms.find(name);
  if (here !== undefined) return here;
  const checked = checkRoomName(name);
  if (!checked.ok) throw new Error(checked.message);
  const stored = await core.options.store.directory.createRoom({
    name: checked.name,
    skeleton: checked.skeleton,
    topic: '',
    creator: null,
  });
  if (stored === null) throw new Error(`a room that looks like ${name} is there already`);
  const room = openRoom(core.options, stored, NEW_ROOM);
  core.rooms.add(room, checked.skeleton);
  return room;
}

/** In place of a skeleton that somebody else has. */
const NO_CLAIM = '';

/**
 * Makes people of a room's stored members. Two of them may have one nickname:
 * a leave that could not be stored has not been tried again when the server
 * ended, and somebody took the nickname meanwhile. Then only one keeps it.
 */
function takeInMembers(core: Core, room: Room): void {
  for (const member of room.members.values()) {
    let person = core.people.byId.get(member.id);
    if (person === undefined) {
      const skeleton = skeletonOf(member.nick);
      const claimed = core.people.claim(skeleton);
      person = createPerson(member, claimed ? skeleton : NO_CLAIM, 'guest', core.options.rates);
      core.people.add(person);
    }
    person.rooms.add(room);
  }
}

/** A front end has a new connection. */
export function connect(core: Core, receiver: Receiver, via: Via, address: string): Connection {
  const connection: Connection = {
    via,
    address,
    since: core.options.now(),
    receiver,
    person: null,
    session: null,
    following: new Set(),
    hold: false,
    closed: false,
  };
  core.connections.add(connection);
  return connection;
}

/** The connection is closed: with the last one, the person's place is held if it was to be, or they leave. */
export function disconnect(core: Core, connection: Connection): void {
  if (connection.closed) return;
  connection.closed = true;
  core.connections.delete(connection);
  for (const room of connection.following) room.feed.unfollow(connection.receiver);
  connection.following.clear();
  const { person } = connection;
  if (person === null) return;
  person.connections.delete(connection);
  if (person.connections.size > 0 || person.departing || core.stopping) return;
  if (connection.hold) startHold(core, person, connection.address);
  else depart(core, person);
}

/** Takes no further requests, waits until what was handed to the store has settled, and ends all connections. */
export async function stopChat(core: Core): Promise<void> {
  core.stopping = true;
  core.cancelPruning();
  // Places held now are held after the next start.
  for (const person of core.people.byId.values()) endHold(core, person);
  if (core.pending > 0) {
    await new Promise<void>((resolve) => {
      core.idle = resolve;
    });
  }
  // The answers to the last entries leave before the word of the end.
  await new Promise<void>((resolve) => core.options.endOfTurn(resolve));
  for (const connection of core.connections) connection.receiver.end('server_stopping');
}
