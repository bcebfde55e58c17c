import type { AnswerOf, Request, RequestOf, RequestType } from '@teahouse/protocol';
import * as chat from '../../chat/index.ts';
import type { Author, Connection, Core, Failure } from '../../chat/index.ts';
import { encodeFolded, formatTime } from './encode.ts';

/** What a command can do with the connection it came on. */
export interface Caller {
  readonly core: Core;
  readonly connection: Connection;
  /** Answers with a finished JSON object without its `type` and `id`: the fields, each with a comma before it. */
  ok(id: string | undefined, fields: string): void;
  error(id: string | undefined, failure: Failure): void;
  /** A request will be answered later than its command returns; told so that the connection's end can wait. */
  started(): void;
  /** Its answer has been given. */
  settled(): void;
  /** The login succeeded: the limits before login end. */
  loggedIn(): void;
  /** Says nothing more and closes. */
  close(): void;
  /** Queues a replay, behind the answer and before anything live. */
  replay(items: readonly chat.Item[], room: string): void;
}

/** A command answers at once, or by the promise's end; until then the connection's next request waits. */
type Command<T extends RequestType> = (caller: Caller, request: RequestOf<T>) => void | Promise<void>;

/** The fields of an answer as JSON, to be put behind `type` and `id`. */
function fieldsOf<T extends RequestType>(fields: Omit<AnswerOf<T>, 'type' | 'id'>): string {
  const json = JSON.stringify(fields);
  return json === '{}' ? '' : `,${json.slice(1, -1)}`;
}

/** Lists of members that were told lately: while many come in, the list of those longest there stays the same. */
const encodedMembers = new WeakMap<readonly Author[], string>();

function encodeMembers(members: readonly Author[]): string {
  let encoded = encodedMembers.get(members);
  if (encoded === undefined) {
    encoded = JSON.stringify(members);
    encodedMembers.set(members, encoded);
  }
  return encoded;
}

const stored = ({ seq, time }: { seq: number; time: number }): string =>
  `,"seq":${seq},"time":"${formatTime(time)}"`;

/** Answers with what an action brought, or with why not. */
function answer<T extends object>(
  caller: Caller,
  id: string | undefined,
  result: chat.Result<T>,
  fields: (value: T) => string,
): void {
  if (result.ok) caller.ok(id, fields(result));
  else caller.error(id, result);
}

/** Every request of the native protocol, and what does it. Shapes are in the protocol's schema, rights in chat. */
export const COMMANDS: { readonly [T in RequestType]: Command<T> } = {
  async login(caller, request) {
    const result = await chat.logIn(caller.core, caller.connection, request);
    if (result.ok) caller.loggedIn();
    answer(caller, request.id, result, ({ person, session }) =>
      fieldsOf<'login'>({ ...(session === null ? {} : { session }), person }),
    );
  },

  async logout(caller, request) {
    const result = await chat.logOut(caller.core, caller.connection);
    answer(caller, request.id, result, () => '');
    if (result.ok) caller.close();
  },

  whoami(caller, request) {
    answer(caller, request.id, chat.whoAmI(caller.core, caller.connection), ({ person, rooms }) =>
      fieldsOf<'whoami'>({ person, rooms }),
    );
  },

  ping(caller, request) {
    caller.ok(request.id, '');
  },

  async nick(caller, request) {
    answer(
      caller,
      request.id,
      await chat.changeNick(caller.core, caller.connection, request.nick),
      ({ person }) => fieldsOf<'nick'>({ person }),
    );
  },

  async rooms(caller, request) {
    answer(
      caller,
      request.id,
      await chat.listRooms(caller.core, caller.connection, request),
      ({ rows, more }) =>
        fieldsOf<'rooms'>({
          rooms: rows.map(({ room, joined, marker }) => ({
            name: room.name,
            topic: room.topic,
            people: room.members.size,
            lastSeq: room.feed.shown,
            joined,
            ...marker,
          })),
          more,
        }),
    );
  },

  async create(caller, request) {
    answer(caller, request.id, await chat.createRoom(caller.core, caller.connection, request), ({ room }) =>
      fieldsOf<'create'>({ room: { name: room.name, topic: room.topic } }),
    );
  },

  async join(caller, request) {
    const result = await chat.joinRoom(caller.core, caller.connection, request);
    answer(caller, request.id, result, ({ room, lastSeq, members, replay, reset }) => {
      const { name, topic } = room;
      const told = JSON.stringify({ name, topic, lastSeq, people: room.members.size });
      const flags = `${replay.truncated ? ',"truncated":true' : ''}${reset ? ',"reset":true' : ''}`;
      return `,"room":${told},"members":${encodeMembers(members)},"from":${replay.from}${flags}`;
    });
    if (result.ok) caller.replay(result.replay.items, result.room.name);
  },

  async leave(caller, request) {
    answer(caller, request.id, await chat.leaveRoom(caller.core, caller.connection, request.room), () => '');
  },

  members(caller, request) {
    answer(
      caller,
      request.id,
      chat.listMembers(caller.core, caller.connection, request),
      ({ members, more }) => fieldsOf<'members'>({ members: [...members], more }),
    );
  },

  async topic(caller, request) {
    answer(caller, request.id, await chat.setTopic(caller.core, caller.connection, request), stored);
  },

  send(caller, request) {
    caller.started();
    chat.sendMessage(caller.core, caller.connection, request, (result) => {
      answer(caller, request.id, result, stored);
      caller.settled();
    });
  },

  async edit(caller, request) {
    answer(caller, request.id, await chat.editMessage(caller.core, caller.connection, request), stored);
  },

  async delete(caller, request) {
    answer(caller, request.id, await chat.deleteMessage(caller.core, caller.connection, request), stored);
  },

  async history(caller, request) {
    answer(
      caller,
      request.id,
      await chat.readHistory(caller.core, caller.connection, request),
      ({ room, page }) => {
        const entries = page.entries.map((entry) => encodeFolded(room.name, entry)).join(',');
        return `,"entries":[${entries}],"more":${page.more},"asOf":${page.asOf}`;
      },
    );
  },

  typing(caller, request) {
    answer(caller, request.id, chat.setTyping(caller.core, caller.connection, request), () => '');
  },

  async read(caller, request) {
    answer(
      caller,
      request.id,
      await chat.markRead(caller.core, caller.connection, request),
      ({ seq }) => `,"seq":${seq}`,
    );
  },
};

/** Runs a request's command. */
export function runCommand(caller: Caller, request: Request): void | Promise<void> {
  // The table's rows are typed by their key; the union of requests is not, and this is where the two meet.
  const command = COMMANDS[request.type] as (caller: Caller, request: Request) => void | Promise<void>;
  return command(caller, request);
}
