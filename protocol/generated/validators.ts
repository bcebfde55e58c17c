// Written by `npm run generate` from protocol/src/requests.ts. Do not edit.
import type { Request } from '../src/requests.ts';

/** A request that was refused: `id` is the request's own, where it had a valid one. */
export interface RequestFault {
  readonly ok: false;
  readonly code: 'bad_request' | 'too_long' | 'unknown_type';
  readonly message: string;
  readonly id?: string;
}

/** What `checkRequest` answers. `request` is a copy that holds known fields only. */
export type CheckedRequest = { readonly ok: true; readonly request: Request } | RequestFault;

type Fields = Record<string, unknown>;

function fault(code: RequestFault['code'], message: string, id: unknown): RequestFault {
  return isId(id) ? { ok: false, code, message, id } : { ok: false, code, message };
}

function wrong(id: unknown, name: string, value: unknown, expected: string, limit: number): RequestFault {
  if (value === undefined) return fault('bad_request', `${name} is missing: it must be ${expected}`, id);
  const long = (typeof value === 'string' || Array.isArray(value)) && value.length > limit;
  return fault(long ? 'too_long' : 'bad_request', `${name} must be ${expected}`, id);
}

/** NUL and lone surrogates are refused in every string, never repaired. */
function isClean(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0');
}

function countCodePoints(value: string): number {
  let count = 0;
  for (let i = 0; i < value.length; i++) {
    if ((value.charCodeAt(i) & 0xfc00) !== 0xdc00 || i === 0 || (value.charCodeAt(i - 1) & 0xfc00) !== 0xd800) count++;
  }
  return count;
}

const isId = (value: any): value is string => (typeof value === "string" && (value.length <= 64 || (value.length <= 128 && countCodePoints(value) <= 64))) && isClean(value);
const isNick = (value: any): value is string => (typeof value === "string" && (value.length <= 65536 || (value.length <= 131072 && countCodePoints(value) <= 65536))) && isClean(value);
const isSession = (value: any): value is string => (typeof value === "string" && (value.length <= 128 || (value.length <= 256 && countCodePoints(value) <= 128))) && isClean(value);
const isHold = (value: any): value is boolean => typeof value === "boolean";
const isAfter = (value: any): value is string => (typeof value === "string" && ((value.length >= 2 || (value.length >= 1 && countCodePoints(value) >= 1)) && (value.length <= 192 || (value.length <= 384 && countCodePoints(value) <= 192)))) && isClean(value);
const isLimit = (value: any): value is number => (Number.isInteger(value) && (!((Number.isFinite(value) || typeof value === "bigint")) || (value >= 1 && value <= 500)));
const isSince = (value: any): value is number => (Number.isInteger(value) && (!((Number.isFinite(value) || typeof value === "bigint")) || (value >= 0 && value <= 9007199254740991)));
const isKey = (value: any): value is string => (typeof value === "string" && ((value.length >= 2 || (value.length >= 1 && countCodePoints(value) >= 1)) && (value.length <= 64 || (value.length <= 128 && countCodePoints(value) <= 64)))) && isClean(value);
const isOf = (value: any): value is number => (Number.isInteger(value) && (!((Number.isFinite(value) || typeof value === "bigint")) || (value >= 1 && value <= 9007199254740991)));
const isAt = (value: any): value is string => (typeof value === "string" && (value.length <= 40 || (value.length <= 80 && countCodePoints(value) <= 40))) && isClean(value);
const isKinds = (value: any): value is any[] => (Array.isArray(value) && ((value.every((unique_0) => ((((((((unique_0 === "message" || unique_0 === "edit") || unique_0 === "delete") || unique_0 === "topic") || unique_0 === "nick") || unique_0 === "enter") || unique_0 === "leave") || unique_0 === "moderation"))) && value.length >= 1) && value.length <= 8));

function decode_login(value: Fields): CheckedRequest {
  const { id, nick, session, hold } = value;
  if (id !== undefined && !isId(id)) return wrong(id, 'id', id, "a string of at most 64 characters", 64);
  if (nick !== undefined && !isNick(nick)) return wrong(id, 'nick', nick, "a string", 65536);
  if (session !== undefined && !isSession(session)) return wrong(id, 'session', session, "a string of at most 128 characters", 128);
  if (hold !== undefined && !isHold(hold)) return wrong(id, 'hold', hold, "true or false", Infinity);
  const request: Extract<Request, { type: 'login' }> = { type: 'login' };
  if (id !== undefined) request.id = id;
  if (nick !== undefined) request.nick = nick;
  if (session !== undefined) request.session = session;
  if (hold !== undefined) request.hold = hold;
  return { ok: true, request };
}

function decode_logout(value: Fields): CheckedRequest {
  const { id } = value;
  if (id !== undefined && !isId(id)) return wrong(id, 'id', id, "a string of at most 64 characters", 64);
  const request: Extract<Request, { type: 'logout' }> = { type: 'logout' };
  if (id !== undefined) request.id = id;
  return { ok: true, request };
}

function decode_whoami(value: Fields): CheckedRequest {
  const { id } = value;
  if (id !== undefined && !isId(id)) return wrong(id, 'id', id, "a string of at most 64 characters", 64);
  const request: Extract<Request, { type: 'whoami' }> = { type: 'whoami' };
  if (id !== undefined) request.id = id;
  return { ok: true, request };
}

function decode_ping(value: Fields): CheckedRequest {
  const { id } = value;
  if (id !== undefined && !isId(id)) return wrong(id, 'id', id, "a string of at most 64 characters", 64);
  const request: Extract<Request, { type: 'ping' }> = { type: 'ping' };
  if (id !== undefined) request.id = id;
  return { ok: true, request };
}

function decode_nick(value: Fields): CheckedRequest {
  const { id, nick } = value;
  if (id !== undefined && !isId(id)) return wrong(id, 'id', id, "a string of at most 64 characters", 64);
  if (!isNick(nick)) return wrong(id, 'nick', nick, "a string", 65536);
  const request: Extract<Request, { type: 'nick' }> = { type: 'nick', nick };
  if (id !== undefined) request.id = id;
  return { ok: true, request };
}

function decode_rooms(value: Fields): CheckedRequest {
  const { id, after, limit } = value;
  if (id !== undefined && !isId(id)) return wrong(id, 'id', id, "a string of at most 64 characters", 64);
  if (after !== undefined && !isAfter(after)) return wrong(id, 'after', after, "a string of 1 to 192 characters", 192);
  if (limit !== undefined && !isLimit(limit)) return wrong(id, 'limit', limit, "a whole number, 1 to 500", Infinity);
  const request: Extract<Request, { type: 'rooms' }> = { type: 'rooms' };
  if (id !== undefined) request.id = id;
  if (after !== undefined) request.after = after;
  if (limit !== undefined) request.limit = limit;
  return { ok: true, request };
}

function decode_create(value: Fields): CheckedRequest {
  const { id, room, topic } = value;
  if (id !== undefined && !isId(id)) return wrong(id, 'id', id, "a string of at most 64 characters", 64);
  if (!isNick(room)) return wrong(id, 'room', room, "a string", 65536);
  if (topic !== undefined && !isNick(topic)) return wrong(id, 'topic', topic, "a string", 65536);
  const request: Extract<Request, { type: 'create' }> = { type: 'create', room };
  if (id !== undefined) request.id = id;
  if (topic !== undefined) request.topic = topic;
  return { ok: true, request };
}

function decode_join(value: Fields): CheckedRequest {
  const { id, room, since, log } = value;
  if (id !== undefined && !isId(id)) return wrong(id, 'id', id, "a string of at most 64 characters", 64);
  if (!isAfter(room)) return wrong(id, 'room', room, "a string of 1 to 192 characters", 192);
  if (since !== undefined && !isSince(since)) return wrong(id, 'since', since, "a whole number, at least 0", Infinity);
  if (log !== undefined && !isId(log)) return wrong(id, 'log', log, "a string of at most 64 characters", 64);
  const request: Extract<Request, { type: 'join' }> = { type: 'join', room };
  if (id !== undefined) request.id = id;
  if (since !== undefined) request.since = since;
  if (log !== undefined) request.log = log;
  return { ok: true, request };
}

function decode_leave(value: Fields): CheckedRequest {
  const { id, room } = value;
  if (id !== undefined && !isId(id)) return wrong(id, 'id', id, "a string of at most 64 characters", 64);
  if (!isAfter(room)) return wrong(id, 'room', room, "a string of 1 to 192 characters", 192);
  const request: Extract<Request, { type: 'leave' }> = { type: 'leave', room };
  if (id !== undefined) request.id = id;
  return { ok: true, request };
}

function decode_members(value: Fields): CheckedRequest {
  const { id, room, after, limit } = value;
  if (id !== undefined && !isId(id)) return wrong(id, 'id', id, "a string of at most 64 characters", 64);
  if (!isAfter(room)) return wrong(id, 'room', room, "a string of 1 to 192 characters", 192);
  if (after !== undefined && !isId(after)) return wrong(id, 'after', after, "a string of at most 64 characters", 64);
  if (limit !== undefined && !isLimit(limit)) return wrong(id, 'limit', limit, "a whole number, 1 to 500", Infinity);
  const request: Extract<Request, { type: 'members' }> = { type: 'members', room };
  if (id !== undefined) request.id = id;
  if (after !== undefined) request.after = after;
  if (limit !== undefined) request.limit = limit;
  return { ok: true, request };
}

function decode_topic(value: Fields): CheckedRequest {
  const { id, room, topic } = value;
  if (id !== undefined && !isId(id)) return wrong(id, 'id', id, "a string of at most 64 characters", 64);
  if (!isAfter(room)) return wrong(id, 'room', room, "a string of 1 to 192 characters", 192);
  if (!isNick(topic)) return wrong(id, 'topic', topic, "a string", 65536);
  const request: Extract<Request, { type: 'topic' }> = { type: 'topic', room, topic };
  if (id !== undefined) request.id = id;
  return { ok: true, request };
}

function decode_send(value: Fields): CheckedRequest {
  const { id, room, text, key } = value;
  if (id !== undefined && !isId(id)) return wrong(id, 'id', id, "a string of at most 64 characters", 64);
  if (!isAfter(room)) return wrong(id, 'room', room, "a string of 1 to 192 characters", 192);
  if (!isNick(text)) return wrong(id, 'text', text, "a string", 65536);
  if (key !== undefined && !isKey(key)) return wrong(id, 'key', key, "a string of 1 to 64 characters", 64);
  const request: Extract<Request, { type: 'send' }> = { type: 'send', room, text };
  if (id !== undefined) request.id = id;
  if (key !== undefined) request.key = key;
  return { ok: true, request };
}

function decode_edit(value: Fields): CheckedRequest {
  const { id, room, of, text } = value;
  if (id !== undefined && !isId(id)) return wrong(id, 'id', id, "a string of at most 64 characters", 64);
  if (!isAfter(room)) return wrong(id, 'room', room, "a string of 1 to 192 characters", 192);
  if (!isOf(of)) return wrong(id, 'of', of, "a whole number, at least 1", Infinity);
  if (!isNick(text)) return wrong(id, 'text', text, "a string", 65536);
  const request: Extract<Request, { type: 'edit' }> = { type: 'edit', room, of, text };
  if (id !== undefined) request.id = id;
  return { ok: true, request };
}

function decode_delete(value: Fields): CheckedRequest {
  const { id, room, of } = value;
  if (id !== undefined && !isId(id)) return wrong(id, 'id', id, "a string of at most 64 characters", 64);
  if (!isAfter(room)) return wrong(id, 'room', room, "a string of 1 to 192 characters", 192);
  if (!isOf(of)) return wrong(id, 'of', of, "a whole number, at least 1", Infinity);
  const request: Extract<Request, { type: 'delete' }> = { type: 'delete', room, of };
  if (id !== undefined) request.id = id;
  return { ok: true, request };
}

function decode_history(value: Fields): CheckedRequest {
  const { id, room, before, after, around, at, limit, kinds } = value;
  if (id !== undefined && !isId(id)) return wrong(id, 'id', id, "a string of at most 64 characters", 64);
  if (!isAfter(room)) return wrong(id, 'room', room, "a string of 1 to 192 characters", 192);
  if (before !== undefined && !isOf(before)) return wrong(id, 'before', before, "a whole number, at least 1", Infinity);
  if (after !== undefined && !isSince(after)) return wrong(id, 'after', after, "a whole number, at least 0", Infinity);
  if (around !== undefined && !isOf(around)) return wrong(id, 'around', around, "a whole number, at least 1", Infinity);
  if (at !== undefined && !isAt(at)) return wrong(id, 'at', at, "a string of at most 40 characters", 40);
  if (limit !== undefined && !isLimit(limit)) return wrong(id, 'limit', limit, "a whole number, 1 to 500", Infinity);
  if (kinds !== undefined && !isKinds(kinds)) return wrong(id, 'kinds', kinds, "a list of 1 to 8, each one of message, edit, delete, topic, nick, enter, leave, moderation", 8);
  const request: Extract<Request, { type: 'history' }> = { type: 'history', room };
  if (id !== undefined) request.id = id;
  if (before !== undefined) request.before = before;
  if (after !== undefined) request.after = after;
  if (around !== undefined) request.around = around;
  if (at !== undefined) request.at = at;
  if (limit !== undefined) request.limit = limit;
  if (kinds !== undefined) request.kinds = kinds.slice();
  return { ok: true, request };
}

function decode_typing(value: Fields): CheckedRequest {
  const { id, room, on } = value;
  if (id !== undefined && !isId(id)) return wrong(id, 'id', id, "a string of at most 64 characters", 64);
  if (!isAfter(room)) return wrong(id, 'room', room, "a string of 1 to 192 characters", 192);
  if (on !== undefined && !isHold(on)) return wrong(id, 'on', on, "true or false", Infinity);
  const request: Extract<Request, { type: 'typing' }> = { type: 'typing', room };
  if (id !== undefined) request.id = id;
  if (on !== undefined) request.on = on;
  return { ok: true, request };
}

function decode_read(value: Fields): CheckedRequest {
  const { id, room, seq } = value;
  if (id !== undefined && !isId(id)) return wrong(id, 'id', id, "a string of at most 64 characters", 64);
  if (!isAfter(room)) return wrong(id, 'room', room, "a string of 1 to 192 characters", 192);
  if (!isSince(seq)) return wrong(id, 'seq', seq, "a whole number, at least 0", Infinity);
  const request: Extract<Request, { type: 'read' }> = { type: 'read', room, seq };
  if (id !== undefined) request.id = id;
  return { ok: true, request };
}

/**
 * Checks what a client sent, as JSON.parse gives it, and copies the fields
 * that the schema knows. Costs a fraction of a microsecond, and as little when
 * it refuses: nothing is looked at that is not a known field.
 */
export function checkRequest(value: unknown): CheckedRequest {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fault('bad_request', 'a request must be a JSON object', undefined);
  }
  const fields = value as Fields;
  switch (fields.type) {
    case 'login':
      return decode_login(fields);
    case 'logout':
      return decode_logout(fields);
    case 'whoami':
      return decode_whoami(fields);
    case 'ping':
      return decode_ping(fields);
    case 'nick':
      return decode_nick(fields);
    case 'rooms':
      return decode_rooms(fields);
    case 'create':
      return decode_create(fields);
    case 'join':
      return decode_join(fields);
    case 'leave':
      return decode_leave(fields);
    case 'members':
      return decode_members(fields);
    case 'topic':
      return decode_topic(fields);
    case 'send':
      return decode_send(fields);
    case 'edit':
      return decode_edit(fields);
    case 'delete':
      return decode_delete(fields);
    case 'history':
      return decode_history(fields);
    case 'typing':
      return decode_typing(fields);
    case 'read':
      return decode_read(fields);
    default:
      return typeof fields.type === 'string'
        ? fault('unknown_type', 'there is no request of this type', fields.id)
        : fault('bad_request', 'type is missing: it must be the name of a request', fields.id);
  }
}
