/**
 * An example of each request with its answer, and the errors that it can get
 * besides those of every request. The reference page shows them, and a test
 * holds each against the schema.
 */
import type { AnswerOf } from './answers.ts';
import type { ErrorCode } from './errors.ts';
import type { RequestOf, RequestType } from './requests.ts';

/** Errors that any request can get. */
export const COMMON_ERRORS = [
  'bad_request',
  'too_long',
  'rate_limited',
  'internal',
  'server_stopping',
] as const satisfies readonly ErrorCode[];

type Examples = {
  readonly [T in RequestType]: {
    readonly request: RequestOf<T>;
    readonly answer: AnswerOf<T>;
    readonly errors: readonly ErrorCode[];
  };
};

const ada = { id: 'p7f3a9c21', nick: 'Ada' };
const ming = { id: 'pb20e4d77', nick: '小明' };
const time = '2026-11-23T20:15:55.123Z';

export const EXAMPLES: Examples = {
  login: {
    request: { type: 'login', id: '1', nick: '小明' },
    answer: { type: 'ok', id: '1', session: 'Vb1kK2m0…', person: ming },
    errors: ['login_failed', 'bad_nick', 'nick_taken', 'limit_reached', 'store_unavailable'],
  },
  logout: {
    request: { type: 'logout', id: '2' },
    answer: { type: 'ok', id: '2' },
    errors: ['login_required', 'store_unavailable'],
  },
  whoami: {
    request: { type: 'whoami', id: '3' },
    answer: { type: 'ok', id: '3', person: ming, rooms: ['lobby'] },
    errors: ['login_required'],
  },
  ping: {
    request: { type: 'ping', id: '4' },
    answer: { type: 'ok', id: '4' },
    errors: [],
  },
  nick: {
    request: { type: 'nick', id: '5', nick: 'Ming' },
    answer: { type: 'ok', id: '5', person: { id: ming.id, nick: 'Ming' } },
    errors: ['login_required', 'bad_nick', 'nick_taken', 'store_unavailable'],
  },
  rooms: {
    request: { type: 'rooms', id: '6', limit: 50 },
    answer: {
      type: 'ok',
      id: '6',
      rooms: [
        {
          name: 'lobby',
          topic: '',
          people: 3,
          lastSeq: 1204,
          joined: true,
          read: 1200,
          unread: 4,
          mentions: 1,
        },
      ],
      more: false,
    },
    errors: ['login_required', 'store_unavailable'],
  },
  create: {
    request: { type: 'create', id: '7', room: 'tea', topic: 'Which leaves today?' },
    answer: { type: 'ok', id: '7', room: { name: 'tea', topic: 'Which leaves today?' } },
    errors: ['login_required', 'bad_room', 'room_exists', 'limit_reached', 'store_unavailable'],
  },
  join: {
    request: { type: 'join', id: '8', room: 'lobby', since: 1200 },
    answer: {
      type: 'ok',
      id: '8',
      room: { name: 'lobby', topic: '', lastSeq: 1204, people: 2 },
      members: [ada, ming],
      from: 1201,
    },
    errors: ['login_required', 'room_not_found', 'limit_reached', 'store_unavailable'],
  },
  leave: {
    request: { type: 'leave', id: '9', room: 'lobby' },
    answer: { type: 'ok', id: '9' },
    errors: ['login_required', 'room_not_found', 'not_in_room', 'store_unavailable'],
  },
  members: {
    request: { type: 'members', id: '10', room: 'lobby', limit: 100 },
    answer: { type: 'ok', id: '10', members: [ada, ming], more: false },
    errors: ['login_required', 'room_not_found', 'not_in_room'],
  },
  topic: {
    request: { type: 'topic', id: '11', room: 'tea', topic: 'Green ones' },
    answer: { type: 'ok', id: '11', seq: 17, time },
    errors: ['login_required', 'room_not_found', 'not_in_room', 'forbidden', 'store_unavailable'],
  },
  send: {
    request: { type: 'send', id: '12', room: 'lobby', text: 'hi', key: 'c1-0001' },
    answer: { type: 'ok', id: '12', seq: 1205, time },
    errors: ['login_required', 'room_not_found', 'not_in_room', 'store_unavailable'],
  },
  edit: {
    request: { type: 'edit', id: '13', room: 'lobby', of: 1205, text: 'hello' },
    answer: { type: 'ok', id: '13', seq: 1206, time },
    errors: ['login_required', 'room_not_found', 'not_in_room', 'forbidden', 'store_unavailable'],
  },
  delete: {
    request: { type: 'delete', id: '14', room: 'lobby', of: 1205 },
    answer: { type: 'ok', id: '14', seq: 1207, time },
    errors: ['login_required', 'room_not_found', 'not_in_room', 'forbidden', 'store_unavailable'],
  },
  history: {
    request: { type: 'history', id: '15', room: 'lobby', before: 1201, limit: 50 },
    answer: {
      type: 'ok',
      id: '15',
      entries: [{ type: 'message', room: 'lobby', seq: 1200, time, from: ada, text: 'hello' }],
      more: true,
      asOf: 1207,
    },
    errors: ['login_required', 'room_not_found', 'store_unavailable'],
  },
  typing: {
    request: { type: 'typing', id: '16', room: 'lobby', on: true },
    answer: { type: 'ok', id: '16' },
    errors: ['login_required', 'room_not_found', 'not_in_room'],
  },
  read: {
    request: { type: 'read', id: '17', room: 'lobby', seq: 1204 },
    answer: { type: 'ok', id: '17', seq: 1204 },
    errors: ['login_required', 'room_not_found', 'store_unavailable'],
  },
};
