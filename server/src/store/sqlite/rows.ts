import type { Author, Body, Draft, Entry, RoomId } from '../port.ts';

/** How kinds are numbered in the file. Numbers are never given anew. */
export const KIND = {
  message: 1,
  edit: 2,
  delete: 3,
  topic: 4,
  nick: 5,
  enter: 6,
  leave: 7,
  moderation: 8,
} as const satisfies Record<Body['kind'], number>;

export type KindCode = (typeof KIND)[keyof typeof KIND];

/** Every code, in the order of the index. */
export const ALL_KINDS: readonly KindCode[] = Object.values(KIND);

/** What an entry's columns hold besides seq, time and author. An erased text is a blob of zeros of its length. */
interface BodyColumns {
  readonly text: string | null;
  readonly of: number | null;
  readonly key: string | null;
  readonly detail: string | null;
}

const NO_COLUMNS: BodyColumns = { text: null, of: null, key: null, detail: null };

function columnsOf(body: Body): BodyColumns {
  switch (body.kind) {
    case 'message':
      return { text: body.text, of: null, key: body.key, detail: null };
    case 'edit':
      return { text: body.text, of: body.of, key: null, detail: null };
    case 'delete':
      return { text: null, of: body.of, key: null, detail: null };
    case 'topic':
      return { text: body.topic, of: null, key: null, detail: null };
    case 'nick':
      return { text: body.nick, of: null, key: null, detail: null };
    case 'leave':
      return { text: body.reason, of: null, key: null, detail: null };
    case 'moderation':
      return {
        ...NO_COLUMNS,
        text: body.reason,
        detail: JSON.stringify([body.action, body.target.id, body.target.nick]),
      };
    case 'enter':
      break;
  }
  return NO_COLUMNS;
}

/**
 * What crosses to the writer thread: one flat array a batch, because cloning
 * an object a draft costs several times as much. Each item begins with its
 * number of fields after the first: a draft has nine, a directory write two.
 */
export type Packed = unknown[];

export const DRAFT_FIELDS = 9;
export const DIRECTORY_FIELDS = 2;

/** A draft as the writer thread unpacks it. */
export interface PackedDraft {
  readonly room: RoomId;
  readonly kind: KindCode;
  readonly person: string;
  readonly nick: string;
  readonly text: string | null;
  readonly of: number | null;
  readonly key: string | null;
  readonly detail: string | null;
  readonly hold: boolean;
}

export function packDraft(packed: Packed, { room, from, body, hold }: Draft): void {
  const { text, of, key, detail } = columnsOf(body);
  packed.push(DRAFT_FIELDS, room, KIND[body.kind], from.id, from.nick, text, of, key, detail, hold === true);
}

/** The draft whose fields begin at `at`. */
export function unpackDraft(packed: Packed, at: number): PackedDraft {
  return {
    room: packed[at] as RoomId,
    kind: packed[at + 1] as KindCode,
    person: packed[at + 2] as string,
    nick: packed[at + 3] as string,
    text: packed[at + 4] as string | null,
    of: packed[at + 5] as number | null,
    key: packed[at + 6] as string | null,
    detail: packed[at + 7] as string | null,
    hold: packed[at + 8] as boolean,
  };
}

/** The id of whom a moderation entry is about. */
export function targetOf(detail: string | null): string {
  return parseDetail(detail).target.id;
}

function parseDetail(detail: string | null): { action: 'kick'; target: Author } {
  const [action, id, nick] = JSON.parse(detail ?? '[]') as ['kick', string, string];
  return { action, target: { id, nick } };
}

/** The columns that `decodeRow` expects, in order. */
export const ROW_COLUMNS = 'seq, time, kind, person, nick, text, of, key, detail';

/** The columns of one entry; `text` is a blob where it was erased. */
export type Row = [
  seq: number,
  time: number,
  kind: KindCode,
  person: string,
  nick: string,
  text: string | Uint8Array | null,
  of: number | null,
  key: string | null,
  detail: string | null,
];

export function decodeRow(row: Row): Entry {
  const [seq, time, , id, nick] = row;
  return { ...bodyOf(row), seq, time, from: { id, nick } };
}

function bodyOf([, , kind, , , stored, of, key, detail]: Row): Body {
  const text = typeof stored === 'string' ? stored : null;
  switch (kind) {
    case KIND.message:
      return { kind: 'message', text, key };
    case KIND.edit:
      return { kind: 'edit', of: of ?? 0, text };
    case KIND.delete:
      return { kind: 'delete', of: of ?? 0 };
    case KIND.topic:
      return { kind: 'topic', topic: text ?? '' };
    case KIND.nick:
      return { kind: 'nick', nick: text ?? '' };
    case KIND.enter:
      return { kind: 'enter' };
    case KIND.leave:
      return { kind: 'leave', reason: text };
    case KIND.moderation:
      break;
  }
  return { kind: 'moderation', ...parseDetail(detail), reason: text };
}
