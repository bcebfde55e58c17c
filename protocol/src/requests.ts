import { Type, type Static } from 'typebox';
import * as c from './common.ts';
import { ENTRY_KINDS } from './kinds.ts';
import { LIMITS } from './limits.ts';

/**
 * Every request a client can send, by its `type`. Fields that are not named
 * here are ignored and go no further than the decoder.
 */
export const requests = {
  login: Type.Object(
    {
      type: Type.Literal('login'),
      id: Type.Optional(c.requestId),
      nick: Type.Optional(c.nickname),
      session: Type.Optional(
        Type.String({
          maxLength: 128,
          description: 'The secret from an earlier login: come back as the same person.',
        }),
      ),
      hold: Type.Optional(
        Type.Boolean({ description: 'After a lost connection, keep the person in the room for 60 s.' }),
      ),
    },
    {
      description:
        'Log in as a guest with `nick`, or come back with `session` (and with both, under a new nickname).',
    },
  ),

  logout: Type.Object(
    {
      type: Type.Literal('logout'),
      id: Type.Optional(c.requestId),
    },
    { description: 'End the session: its secret is void, the person leaves, the connection closes.' },
  ),

  whoami: Type.Object(
    {
      type: Type.Literal('whoami'),
      id: Type.Optional(c.requestId),
    },
    { description: 'The person this connection belongs to, and the rooms they are in.' },
  ),

  ping: Type.Object(
    {
      type: Type.Literal('ping'),
      id: Type.Optional(c.requestId),
    },
    { description: 'Answered with ok.' },
  ),

  nick: Type.Object(
    {
      type: Type.Literal('nick'),
      id: Type.Optional(c.requestId),
      nick: c.nickname,
    },
    { description: "Change one's nickname, in all rooms." },
  ),

  rooms: Type.Object(
    {
      type: Type.Literal('rooms'),
      id: Type.Optional(c.requestId),
      after: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: LIMITS.roomBytes,
          description: 'The name of the last room of the page before.',
        }),
      ),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMITS.roomRows })),
    },
    { description: 'The public rooms in the order of their names, a page at a time.' },
  ),

  create: Type.Object(
    {
      type: Type.Literal('create'),
      id: Type.Optional(c.requestId),
      room: Type.String({ maxLength: LIMITS.lineBytes, description: "The new room's name." }),
      topic: Type.Optional(c.topicText),
    },
    { description: 'Make a public room. Joining it is a request of its own.' },
  ),

  join: Type.Object(
    {
      type: Type.Literal('join'),
      id: Type.Optional(c.requestId),
      room: c.roomName,
      since: Type.Optional(c.position),
      log: Type.Optional(c.logIdentity),
    },
    { description: 'Enter a room and follow it; with `since`, first replay what came after that seq.' },
  ),

  leave: Type.Object(
    {
      type: Type.Literal('leave'),
      id: Type.Optional(c.requestId),
      room: c.roomName,
    },
    { description: "Leave a room, on all of one's connections." },
  ),

  members: Type.Object(
    {
      type: Type.Literal('members'),
      id: Type.Optional(c.requestId),
      room: c.roomName,
      after: Type.Optional(
        Type.String({ maxLength: 64, description: 'The id of the last member of the page before.' }),
      ),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMITS.memberRows })),
    },
    { description: 'Who is in a room that one is in, in the order of their ids, a page at a time.' },
  ),

  topic: Type.Object(
    {
      type: Type.Literal('topic'),
      id: Type.Optional(c.requestId),
      room: c.roomName,
      topic: c.topicText,
    },
    { description: "Set a room's topic; an empty one clears it." },
  ),

  send: Type.Object(
    {
      type: Type.Literal('send'),
      id: Type.Optional(c.requestId),
      room: c.roomName,
      text: c.text,
      key: Type.Optional(c.key),
    },
    { description: 'Say something in a room that one is in. The answer comes after it is stored.' },
  ),

  edit: Type.Object(
    {
      type: Type.Literal('edit'),
      id: Type.Optional(c.requestId),
      room: c.roomName,
      of: c.seq,
      text: c.text,
    },
    { description: "Give one of one's own messages a new text." },
  ),

  delete: Type.Object(
    {
      type: Type.Literal('delete'),
      id: Type.Optional(c.requestId),
      room: c.roomName,
      of: c.seq,
    },
    { description: "Take back one of one's own messages: its text is erased, its seq stays." },
  ),

  history: Type.Object(
    {
      type: Type.Literal('history'),
      id: Type.Optional(c.requestId),
      room: c.roomName,
      before: Type.Optional(c.seq),
      after: Type.Optional(c.position),
      around: Type.Optional(c.seq),
      at: Type.Optional(c.time),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMITS.historyRows })),
      kinds: Type.Optional(
        Type.Array(Type.Enum([...ENTRY_KINDS]), { minItems: 1, maxItems: ENTRY_KINDS.length }),
      ),
    },
    {
      description:
        'A page of the past as it stands now, oldest first. One of `before`, `after`, `around`, `at`; none of them: the newest page.',
    },
  ),

  typing: Type.Object(
    {
      type: Type.Literal('typing'),
      id: Type.Optional(c.requestId),
      room: c.roomName,
      on: Type.Optional(Type.Boolean({ description: 'False when one stopped; true if left out.' })),
    },
    { description: 'Show the others that one is writing. Not kept.' },
  ),

  read: Type.Object(
    {
      type: Type.Literal('read'),
      id: Type.Optional(c.requestId),
      room: c.roomName,
      seq: c.position,
    },
    { description: "Set one's read marker; it never goes back." },
  ),
} as const;

export type Requests = typeof requests;
export type RequestType = keyof Requests;
/** A request of a given type, as a client writes it. */
export type RequestOf<T extends RequestType> = Static<Requests[T]>;
/** Any request. */
export type Request = { [T in RequestType]: RequestOf<T> }[RequestType];
