/**
 * What a store promises. A store keeps rooms as append-only logs, and beside
 * them, in the same file, the directory of people, sessions and rooms. It
 * knows no rights, no protocol and no socket; `chat` decides, the store keeps.
 *
 * The contract, which `contract.ts` holds every implementation to:
 * - `append` settles after the entry is durable, never before; seq is dense
 *   and rises by one within a room; time never falls within a room.
 * - Drafts and directory writes take effect in the order they were given, and
 *   settle in that order. What changes a room's state is written in the
 *   transaction of its entry. No transaction spans two drafts' failures: a
 *   refused draft leaves its neighbours alone.
 * - A read sees only what is durable, and everything that had settled before
 *   it was asked.
 * - When writing fails nothing is half there, readers go on, and writing works
 *   again by itself when the cause is gone.
 */
import type { EntryKind } from '@teahouse/protocol';

/** A room's number within its store; never reused. */
export type RoomId = number;

/** Who an entry is from: the id says who, the nick what they were called then. */
export interface Author {
  readonly id: string;
  readonly nick: string;
}

/** The part of an entry that its kind decides. `text: null` on a message or an edit means erased. */
export type Body =
  | { readonly kind: 'message'; readonly text: string | null; readonly key: string | null }
  | { readonly kind: 'edit'; readonly of: number; readonly text: string | null }
  | { readonly kind: 'delete'; readonly of: number }
  | { readonly kind: 'topic'; readonly topic: string }
  | { readonly kind: 'nick'; readonly nick: string }
  | { readonly kind: 'enter' }
  | { readonly kind: 'leave'; readonly reason: string | null }
  | {
      readonly kind: 'moderation';
      readonly action: 'kick';
      readonly target: Author;
      readonly reason: string | null;
    };

/** A committed entry. `time` is in milliseconds since 1970, UTC. */
export type Entry = Body & {
  readonly seq: number;
  readonly time: number;
  readonly from: Author;
};

/** An entry of a history page: a message as it stands now. `edited` is when its text was last edited, or null; an erased one has null. */
export type FoldedEntry = Entry & { readonly edited: number | null };

/**
 * What is to be appended. `enter` makes `from` a member, `leave` ends it,
 * `nick` renames a member, `topic` sets the topic, `edit` and `delete` change
 * what history shows and (delete) erase, all in the entry's own transaction.
 * `hold` (on `enter`): the member's place is to be held over a lost connection.
 */
export type Draft = {
  readonly room: RoomId;
  readonly from: Author;
  readonly body: Body;
  readonly hold?: boolean;
};

/**
 * How an append ended.
 * - `ok`: durable. `repeated`: this person had sent this key to this room
 *   within the last 24 h; seq and time are the first one's, nothing was added.
 * - `gone`: an edit or delete of a seq that is no message, or is erased.
 * - `unavailable`: could not be written, or perhaps was: ask again with the same key.
 *   So ends, too, a draft that can never be stored, as of a room that is not there.
 */
export type Outcome =
  | { readonly ok: true; readonly seq: number; readonly time: number; readonly repeated: boolean }
  | { readonly ok: false; readonly why: 'gone' | 'unavailable' };

/** A member as the store keeps it over a restart. */
export interface StoredMember {
  readonly id: string;
  readonly nick: string;
  /** Whether the place is to be held for a while after a restart. */
  readonly hold: boolean;
}

/** A room's state at `lastSeq`, in one snapshot. */
export interface RoomState {
  readonly lastSeq: number;
  /** Time of the last entry, 0 in an empty room. */
  readonly lastTime: number;
  /** By id. */
  readonly members: readonly StoredMember[];
}

/** A room as the directory lists it. */
export interface StoredRoom {
  readonly id: RoomId;
  readonly name: string;
  /** The form names are compared by; unique. */
  readonly skeleton: string;
  readonly topic: string;
  /** The creator's id, or null for rooms the server made. */
  readonly creator: string | null;
}

/** Which part of a room's log. */
export type HistoryPosition =
  | { readonly at: 'end' }
  | { readonly before: number }
  | { readonly after: number }
  /** That seq in the middle, as far as there are rows on both sides. */
  | { readonly around: number }
  /** First entries whose time is at or after this one (ms). */
  | { readonly time: number };

export interface HistoryQuery {
  readonly position: HistoryPosition;
  /** Rows shown at most. */
  readonly limit: number;
  /** Bytes of text at most; at least one row is shown however long it is. */
  readonly bytes: number;
  readonly kinds: readonly EntryKind[];
}

export interface HistoryPage {
  /** Oldest first. */
  readonly entries: readonly FoldedEntry[];
  /** Further rows of these kinds lie beyond: before the first for `end` and `before`, after the last for `after` and `time`, on either side for `around`. */
  readonly more: boolean;
  /** The seq up to which the page is folded. */
  readonly asOf: number;
}

/** Raw entries, `from` to `to` at most, oldest first, as they went out live (erased ones erased). */
export interface ReadRange {
  /** First seq wanted. */
  readonly from: number;
  /** Last seq wanted. */
  readonly to: number;
  /** Entries at most. */
  readonly limit: number;
  /** Bytes of text at most; at least one entry comes however long it is. */
  readonly bytes: number;
  /** Where the limits cut: `oldest` keeps the newest entries (a replay), `newest` keeps the oldest (paging on). */
  readonly cut: 'oldest' | 'newest';
}

/** Messages after a read marker, one's own and erased ones among them, counted up to `LIMITS.unreadCount`. */
export interface Unread {
  readonly room: RoomId;
  readonly marker: number;
  readonly unread: number;
  readonly mentions: number;
}

/** Thrown (rejected with) by directory calls and reads when the store cannot be reached. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable';
}

/** People, sessions, rooms by name and read markers. Writes settle when durable, and reject with `StoreUnavailable`. */
export interface Directory {
  /** All rooms, by id. */
  rooms(): Promise<readonly StoredRoom[]>;
  /** Makes a room, or answers null where its skeleton is taken. */
  createRoom(room: Omit<StoredRoom, 'id'>): Promise<StoredRoom | null>;
  /** A new person. `session` is the SHA-256 of their secret, or null for those that cannot come back. Rejects where the id is taken. */
  createPerson(person: Author, session: Uint8Array | null): Promise<void>;
  /** The person of a session that was used after `usedAfter` (ms), and marks it used now; null if there is none. */
  resumeSession(session: Uint8Array, usedAfter: number): Promise<Author | null>;
  endSession(session: Uint8Array): Promise<void>;
  renamePerson(id: string, nick: string): Promise<void>;
  /** Membership without an entry, as in rooms too large for entries of entering and leaving. */
  setMember(room: RoomId, member: StoredMember, present: boolean): Promise<void>;
  /** Moves a read marker; it never goes back. Answers where it is now. */
  markRead(person: string, room: RoomId, seq: number): Promise<number>;
  /** For each of these rooms where the person has a marker. A mention is a message by others whose text has `@nick`, folded by case. */
  unread(person: Author, rooms: readonly RoomId[]): Promise<readonly Unread[]>;
  /** Forgets keys older than 24 h, sessions unused and people without session, in no room and unseen since `before` (ms). */
  prune(before: number): Promise<void>;
}

export interface Store {
  /** The log's identity: random, made with the store; another one means another log. */
  readonly log: string;
  readonly directory: Directory;
  /** Hands a draft over; `settle` is called once, later, never from within this call. */
  append(draft: Draft, settle: (outcome: Outcome) => void): void;
  /** The room's state; a room that is not there rejects. */
  open(room: RoomId): Promise<RoomState>;
  /** Raw entries. Entries past the room's last are not an error; in a room that is not there, there are none. */
  read(room: RoomId, range: ReadRange): Promise<readonly Entry[]>;
  /** A page of the past, folded; empty in a room that is not there. */
  history(room: RoomId, query: HistoryQuery): Promise<HistoryPage>;
  /** The last seq of each of these rooms, without those that are not there. */
  heads(rooms: readonly RoomId[]): Promise<ReadonlyMap<RoomId, number>>;
  /** False from a failed write until a write succeeds again. */
  readonly healthy: boolean;
  /** Commits what was handed over, then closes. Calls after it reject or settle `unavailable`. */
  close(): Promise<void>;
}
