import type { Call } from './calls.ts';
import type { Client, Person } from './types.ts';
import {
  failure,
  isPerson,
  isPosition,
  readEntry,
  readPersons,
  readRoomRow,
  readStored,
  type Message,
} from './wire.ts';

type Requests = Pick<
  Client,
  'history' | 'members' | 'rooms' | 'create' | 'topic' | 'nick' | 'edit' | 'delete' | 'read' | 'whoami'
>;

function personOf({ person }: Message): Person {
  if (!isPerson(person)) throw failure('not_teahouse');
  return person;
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The requests that are only asked and answered. `renamed` is told one's new name. */
export function createRequests(
  ask: (call: Call) => Promise<Message>,
  renamed: (person: Person) => void,
): Requests {
  return {
    async history(room, options = {}) {
      const { entries, more, asOf } = await ask({ ...options, type: 'history', room });
      const known = listOf(entries).flatMap((entry) => readEntry(entry) ?? []);
      return { type: 'ok', entries: known, more: more === true, asOf: isPosition(asOf) ? asOf : 0 };
    },
    async members(room, options = {}) {
      const { members, more } = await ask({ ...options, type: 'members', room });
      return { type: 'ok', members: readPersons(members), more: more === true };
    },
    async rooms(options = {}) {
      const { rooms, more } = await ask({ ...options, type: 'rooms' });
      return {
        type: 'ok',
        rooms: listOf(rooms).flatMap((row) => readRoomRow(row) ?? []),
        more: more === true,
      };
    },
    async create(room, topic) {
      const { room: made } = await ask({ type: 'create', room, ...(topic === undefined ? {} : { topic }) });
      const told = (made ?? {}) as Message;
      // The server's spelling of the name is the one to join by.
      const name = typeof told['name'] === 'string' ? told['name'] : room;
      return { type: 'ok', room: { name, topic: typeof told['topic'] === 'string' ? told['topic'] : '' } };
    },
    topic: async (room, topic) => readStored(await ask({ type: 'topic', room, topic })),
    async nick(nick) {
      const person = personOf(await ask({ type: 'nick', nick }));
      renamed(person);
      return person;
    },
    edit: async (room, of, text) => readStored(await ask({ type: 'edit', room, of, text })),
    delete: async (room, of) => readStored(await ask({ type: 'delete', room, of })),
    async read(room, seq) {
      const answer = await ask({ type: 'read', room, seq });
      return isPosition(answer['seq']) ? answer['seq'] : seq;
    },
    async whoami() {
      const answer = await ask({ type: 'whoami' });
      const rooms = listOf(answer['rooms']).filter((room) => typeof room === 'string');
      return { type: 'ok', person: personOf(answer), rooms };
    },
  };
}
