import { Type, type Static } from 'typebox';
import * as c from './common.ts';
import { entries, type WireEntry } from './entries.ts';
import { ERRORS, type ErrorCode } from './errors.ts';
import { LIMITS } from './limits.ts';
import type { RequestType } from './requests.ts';

const ok = { type: Type.Literal('ok'), id: Type.Optional(c.requestId) };
const stored = { seq: c.seq, time: c.time };

/** One row of the answer to `rooms`. */
export const roomRow = Type.Object({
  name: c.roomName,
  topic: Type.String({ maxLength: LIMITS.topicBytes }),
  people: Type.Integer({ minimum: 0 }),
  lastSeq: c.position,
  joined: Type.Boolean(),
  read: Type.Optional(c.position),
  unread: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: LIMITS.unreadCount,
      description: 'Messages after the read marker, counted up to 1,000; only where there is a marker.',
    }),
  ),
  mentions: Type.Optional(Type.Integer({ minimum: 0, maximum: LIMITS.unreadCount })),
});

const members = (maxItems: number) => Type.Array(c.person, { maxItems });

/** The `ok` of each request. */
export const answers = {
  login: Type.Object({
    ...ok,
    session: Type.Optional(Type.String({ maxLength: 128, description: 'Told once, to a new guest.' })),
    person: c.person,
  }),
  logout: Type.Object(ok),
  whoami: Type.Object({
    ...ok,
    person: c.person,
    rooms: Type.Array(c.roomName, { maxItems: LIMITS.roomsPerPerson }),
  }),
  ping: Type.Object(ok),
  nick: Type.Object({ ...ok, person: c.person }),
  rooms: Type.Object({
    ...ok,
    rooms: Type.Array(roomRow, { maxItems: LIMITS.roomRows }),
    more: Type.Boolean(),
  }),
  create: Type.Object({ ...ok, room: Type.Object({ name: c.roomName, topic: Type.String() }) }),
  join: Type.Object({
    ...ok,
    room: Type.Object({
      name: c.roomName,
      topic: Type.String(),
      lastSeq: c.position,
      people: Type.Integer({ minimum: 0 }),
    }),
    members: members(LIMITS.joinMembers),
    from: c.seq,
    truncated: Type.Optional(
      Type.Literal(true, {
        description: 'The gap was too long to replay; `from` says where the replay starts.',
      }),
    ),
    reset: Type.Optional(
      Type.Literal(true, { description: 'The log is another than the client knew: forget what was there.' }),
    ),
  }),
  leave: Type.Object(ok),
  members: Type.Object({ ...ok, members: members(LIMITS.memberRows), more: Type.Boolean() }),
  topic: Type.Object({ ...ok, ...stored }),
  send: Type.Object({ ...ok, ...stored }),
  edit: Type.Object({ ...ok, ...stored }),
  delete: Type.Object({ ...ok, ...stored }),
  history: Type.Object({
    ...ok,
    entries: Type.Array(Type.Unsafe<WireEntry>(Type.Union(Object.values(entries))), {
      maxItems: LIMITS.historyRows,
    }),
    more: Type.Boolean({ description: 'There are further rows in the direction asked for.' }),
    asOf: Type.Integer({ minimum: 0, description: 'The seq up to which the page is folded.' }),
  }),
  typing: Type.Object(ok),
  read: Type.Object({ ...ok, seq: c.position }),
} as const satisfies Record<RequestType, unknown>;

/** The error that any request can get, and that a connection gets before it is closed. */
export const errorAnswer = Type.Object({
  type: Type.Literal('error'),
  id: Type.Optional(c.requestId),
  code: Type.Enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
  message: Type.String({ description: 'For people; may be localised.' }),
});

export type AnswerOf<T extends RequestType> = Static<(typeof answers)[T]>;
export type ErrorAnswer = Static<typeof errorAnswer>;
