import { Type, type Static, type TObject, type TProperties } from 'typebox';
import * as c from './common.ts';
import type { EntryKind } from './kinds.ts';
import { LIMITS } from './limits.ts';

/** What every entry of a room's log carries on the wire, live, replayed and in history. */
function entry<K extends EntryKind, P extends TProperties>(kind: K, fields: P, description: string) {
  return Type.Object(
    {
      type: Type.Literal(kind),
      room: c.roomName,
      seq: c.seq,
      time: c.time,
      from: c.person,
      ...fields,
    },
    { description },
  );
}

const deleted = Type.Optional(Type.Literal(true, { description: 'The text was erased.' }));

/** Entries, by kind. An erased one has `deleted` and no `text`. */
export const entries = {
  message: entry(
    'message',
    {
      text: Type.Optional(c.text),
      key: Type.Optional(c.key),
      edited: Type.Optional(
        Type.String({ maxLength: 40, description: 'Only in history: when the text was last edited.' }),
      ),
      deleted,
    },
    'Somebody said something.',
  ),
  edit: entry('edit', { of: c.seq, text: Type.Optional(c.text), deleted }, 'A message got a new text.'),
  delete: entry('delete', { of: c.seq }, 'A message was taken back.'),
  topic: entry('topic', { topic: Type.String({ maxLength: LIMITS.topicBytes }) }, 'The topic was set.'),
  nick: entry(
    'nick',
    { nick: c.nickname },
    'Somebody changed their nickname: `from.nick` is the old one, `nick` the new.',
  ),
  enter: entry('enter', {}, 'Somebody came in.'),
  leave: entry('leave', { reason: Type.Optional(Type.String({ maxLength: 512 })) }, 'Somebody left.'),
  moderation: entry(
    'moderation',
    {
      action: Type.Enum(['kick']),
      target: c.person,
      reason: Type.Optional(Type.String({ maxLength: 512 })),
    },
    'Somebody was moderated.',
  ),
} as const satisfies Record<EntryKind, TObject>;

export type EntryOf<K extends EntryKind> = Static<(typeof entries)[K]>;
/** Any entry, as it is on the wire. */
export type WireEntry = { [K in EntryKind]: EntryOf<K> }[EntryKind];
