import { Type, type Static } from 'typebox';
import * as c from './common.ts';

/** What the server says without being asked and does not keep: events have no `seq`. */
export const events = {
  hello: Type.Object(
    {
      type: Type.Literal('hello'),
      server: Type.String({ maxLength: 64 }),
      protocol: Type.Integer(),
      log: c.logIdentity,
      login: Type.Array(Type.String({ maxLength: 32 }), { maxItems: 16 }),
      limits: Type.Record(Type.String(), Type.Number()),
    },
    { description: 'The first line of every connection.' },
  ),
  typing: Type.Object(
    { type: Type.Literal('typing'), room: c.roomName, from: c.person, on: Type.Boolean() },
    { description: 'Somebody writes, or stopped.' },
  ),
  presence: Type.Object(
    {
      type: Type.Literal('presence'),
      room: c.roomName,
      people: Type.Integer({ minimum: 0 }),
      came: Type.Integer({ minimum: 0 }),
      went: Type.Integer({ minimum: 0 }),
    },
    {
      description:
        'In a room of more than 200 people: how many are there, and came and went since the last; at most once a second.',
    },
  ),
  read: Type.Object(
    { type: Type.Literal('read'), room: c.roomName, seq: c.position },
    { description: "One's read marker moved on another of one's own connections." },
  ),
  notice: Type.Object(
    { type: Type.Literal('notice'), text: Type.String({ maxLength: 1024 }) },
    { description: 'A word from the server for people.' },
  ),
} as const;

export type EventType = keyof typeof events;
export type EventOf<T extends EventType> = Static<(typeof events)[T]>;
export type WireEvent = { [T in EventType]: EventOf<T> }[EventType];
