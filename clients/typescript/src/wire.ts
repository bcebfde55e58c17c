import type { WireEntry } from '@teahouse/protocol';
import { TeahouseError, type ClientErrorCode } from './errors.ts';
import type { Hello, Person, RoomRow, Stored } from './types.ts';

/*
 * What the server says, looked at before it is believed. The protocol's own
 * validators are too heavy for a page, so only what this library and those
 * who show an entry rely on is checked: the types of the fields.
 */

/** A parsed message. Nothing is known of its fields. */
export type Message = { readonly [field: string]: unknown };

/** A server that does not keep to the protocol must not make us hold more than this, in one line or frame: eight times the longest answer. */
export const MAX_MESSAGE = 4 * 1024 * 1024;

function isObject(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isPosition(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

const isString = (value: unknown): value is string => typeof value === 'string';
const isAbsentOr = (test: (value: unknown) => boolean) => (value: unknown) =>
  value === undefined || test(value);
const isText = isAbsentOr(isString);

/** One line as a message; `undefined` if it is none. */
export function parseMessage(line: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isPerson(value: unknown): value is Person {
  return isObject(value) && isString(value['id']) && isString(value['nick']);
}

/** The persons of a list; what is none is left out. */
export function readPersons(value: unknown): Person[] {
  return Array.isArray(value) ? value.filter(isPerson) : [];
}

/** A `hello` of the protocol's version 1, or `undefined`. */
export function readHello(message: Message): Hello | undefined {
  const { type, protocol, log, server, limits } = message;
  if (type !== 'hello' || protocol !== 1 || !isString(log) || !isString(server)) return undefined;
  return { ...(message as Hello), limits: isObject(limits) ? (limits as Hello['limits']) : {} };
}

/** A limit told in `hello`, or the one given. */
export function limitOf(hello: Hello, name: string, otherwise: number): number {
  const value: unknown = hello.limits[name];
  return isPosition(value) && value > 0 ? value : otherwise;
}

/** The place and room of anything that has a place in a log, of a known kind or not. */
export function readPlace(message: Message): { room: string; seq: number } | undefined {
  const { room, seq, time } = message;
  return isString(room) && isString(time) && isPosition(seq) ? { room, seq } : undefined;
}

/** What each kind of entry must hold beside `room`, `seq`, `time` and `from`. */
const FIELDS: {
  readonly [K in WireEntry['type']]: { readonly [field: string]: (value: unknown) => boolean };
} = {
  message: { text: isText, key: isText, edited: isText },
  edit: { of: isPosition, text: isText },
  delete: { of: isPosition },
  topic: { topic: isString },
  nick: { nick: isString },
  enter: {},
  leave: { reason: isText },
  moderation: { action: isString, target: isPerson, reason: isText },
};

/** An entry of a known kind with fields of the right types, or `undefined`. */
export function readEntry(message: unknown): WireEntry | undefined {
  if (!isObject(message) || !readPlace(message) || !isPerson(message['from'])) return undefined;
  const type = message['type'];
  if (!isString(type) || !Object.hasOwn(FIELDS, type)) return undefined;
  const fields = Object.entries(FIELDS[type as WireEntry['type']]);
  return fields.every(([name, test]) => test(message[name])) ? (message as unknown as WireEntry) : undefined;
}

/** A row of the answer to `rooms`, or `undefined`. */
export function readRoomRow(row: unknown): RoomRow | undefined {
  if (!isObject(row)) return undefined;
  const { name, topic, people, lastSeq, joined, read, unread, mentions } = row;
  const counts =
    [people, lastSeq].every(isPosition) && [read, unread, mentions].every(isAbsentOr(isPosition));
  return isString(name) && isString(topic) && typeof joined === 'boolean' && counts
    ? (row as RoomRow)
    : undefined;
}

/** Where an accepted entry was stored. */
export function readStored(answer: Message): Stored {
  const { seq, time } = answer;
  return { seq: isPosition(seq) ? seq : 0, time: isString(time) ? time : '' };
}

/** The error in an `error` message. Codes of servers to come pass as they are. */
export function readError(message: Message): TeahouseError {
  const { code, message: words } = message;
  const known = isString(code) ? (code as TeahouseError['code']) : 'internal';
  return new TeahouseError(known, isString(words) ? words : known);
}

const WORDS: { readonly [C in ClientErrorCode]: string } = {
  unreachable: 'No connection to the server could be made.',
  not_teahouse: 'What answered there does not speak the Teahouse protocol.',
  disconnected: 'The connection to the server is lost.',
  timeout: 'The server did not answer in time.',
  closed: 'The client was closed.',
  dropped: 'The message was taken out of the queue.',
  other_person: 'The message was written by another person than the one who is logged in.',
};

/** An error of this side. */
export function failure(code: ClientErrorCode, cause?: unknown): TeahouseError {
  return new TeahouseError(code, WORDS[code], cause);
}
