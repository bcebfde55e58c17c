import { LIMITS } from '@teahouse/protocol';
import { createBudget, createMentionFinder, KEY_LIFE_MS, takeAround, takeRun } from './page-rules.ts';
import type {
  Author,
  Draft,
  Entry,
  FoldedEntry,
  HistoryPage,
  HistoryQuery,
  Outcome,
  ReadRange,
  RoomId,
  RoomState,
  StoredMember,
  StoredRoom,
  Unread,
} from './port.ts';

interface ModelRoom {
  room: StoredRoom;
  /** Raw entries; the entry of seq n is at n - 1. */
  readonly entries: Entry[];
  /** Where the edits of each message are, oldest first. */
  readonly edits: Map<number, number[]>;
  readonly members: Map<string, StoredMember>;
  readonly keys: Map<string, { seq: number; time: number }>;
  readonly markers: Map<string, number>;
}

interface ModelPerson {
  nick: string;
  seen: number;
}

/** What a memory store keeps over a crash. Everything on it happens at once and is durable at once. */
export interface MemoryDisk {
  readonly log: string;
  readonly rooms: Map<RoomId, ModelRoom>;
  readonly people: Map<string, ModelPerson>;
  readonly sessions: Map<string, { person: string; used: number }>;
}

/** A disk with nothing on it but its identity. */
export function createMemoryDisk(log: string): MemoryDisk {
  return { log, rooms: new Map(), people: new Map(), sessions: new Map() };
}

const keyOf = (person: string, key: string): string => JSON.stringify([person, key]);
const hex = (session: Uint8Array): string => Buffer.from(session).toString('hex');

/** Appends as the port says, or answers null where the room is not there. */
export function appendToDisk(disk: MemoryDisk, draft: Draft, now: number): Outcome | null {
  const room = disk.rooms.get(draft.room);
  if (room === undefined) return null;
  const { body, from } = draft;
  const time = Math.max(room.entries.at(-1)?.time ?? 0, now);
  if (body.kind === 'message' && body.key !== null) {
    const first = room.keys.get(keyOf(from.id, body.key));
    if (first !== undefined && time - first.time < KEY_LIFE_MS) return { ok: true, ...first, repeated: true };
  }
  if ((body.kind === 'edit' || body.kind === 'delete') && !isThere(room, body.of))
    return { ok: false, why: 'gone' };
  const seq = room.entries.length + 1;
  room.entries.push({ ...body, seq, time, from: { id: from.id, nick: from.nick } });
  applyToRoom(room, draft, seq, time);
  return { ok: true, seq, time, repeated: false };
}

function isThere(room: ModelRoom, seq: number): boolean {
  const target = room.entries[seq - 1];
  return target?.kind === 'message' && target.text !== null;
}

function applyToRoom(room: ModelRoom, draft: Draft, seq: number, time: number): void {
  const { body, from } = draft;
  const { id } = from;
  switch (body.kind) {
    case 'message':
      if (body.key !== null) room.keys.set(keyOf(id, body.key), { seq, time });
      return;
    case 'edit':
      room.edits.set(body.of, [...(room.edits.get(body.of) ?? []), seq]);
      return;
    case 'delete':
      for (const at of [body.of, ...(room.edits.get(body.of) ?? [])]) {
        room.entries[at - 1] = { ...room.entries[at - 1]!, text: null } as Entry;
      }
      return;
    case 'topic':
      room.room = { ...room.room, topic: body.topic };
      return;
    case 'nick': {
      const member = room.members.get(id);
      if (member !== undefined) room.members.set(id, { ...member, nick: body.nick });
      return;
    }
    case 'enter':
      room.members.set(id, { id, nick: from.nick, hold: draft.hold ?? false });
      return;
    case 'leave':
      room.members.delete(id);
      return;
    case 'moderation':
      room.members.delete(body.target.id);
  }
}

function fold(room: ModelRoom, entry: Entry): FoldedEntry {
  if (entry.kind !== 'message' || entry.text === null) return { ...entry, edited: null };
  const newest = room.entries[(room.edits.get(entry.seq)?.at(-1) ?? 0) - 1];
  if (newest?.kind !== 'edit') return { ...entry, edited: null };
  return { ...entry, text: newest.text, edited: newest.time };
}

function* walk(room: ModelRoom, query: HistoryQuery, from: number, step: 1 | -1): Generator<FoldedEntry> {
  for (let seq = from; seq >= 1 && seq <= room.entries.length; seq += step) {
    const entry = room.entries[seq - 1]!;
    if (query.kinds.includes(entry.kind)) yield fold(room, entry);
  }
}

/** A page of history as the port says; empty where the room is not there. */
export function pageOfDisk(disk: MemoryDisk, id: RoomId, query: HistoryQuery): HistoryPage {
  const room = disk.rooms.get(id);
  if (room === undefined) return { entries: [], more: false, asOf: 0 };
  const asOf = room.entries.length;
  const fits = createBudget(query.limit, query.bytes);
  const { position } = query;
  const back = (from: number): HistoryPage => {
    const { entries, more } = takeRun(walk(room, query, Math.min(from, asOf), -1), fits);
    return { entries: entries.toReversed(), more, asOf };
  };
  const on = (from: number): HistoryPage => ({
    ...takeRun(walk(room, query, Math.max(from, 1), 1), fits),
    asOf,
  });
  if ('at' in position) return back(asOf);
  if ('before' in position) return back(position.before - 1);
  if ('after' in position) return on(position.after + 1);
  if ('time' in position) {
    const first = room.entries.find((entry) => entry.time >= position.time);
    return on(first?.seq ?? asOf + 1);
  }
  const older = walk(room, query, Math.min(position.around - 1, asOf), -1);
  const newer = walk(room, query, Math.max(position.around, 1), 1);
  return { ...takeAround(older, newer, fits), asOf };
}

/** Raw entries as the port says. */
export function readDisk(disk: MemoryDisk, id: RoomId, range: ReadRange): Entry[] {
  const entries = disk.rooms.get(id)?.entries.slice(Math.max(range.from - 1, 0), Math.max(range.to, 0)) ?? [];
  const fits = createBudget(range.limit, range.bytes);
  if (range.cut === 'newest') return takeRun(entries, fits).entries;
  return takeRun(entries.toReversed(), fits).entries.toReversed();
}

/** The room's state, or null where it is not there. */
export function openRoomOnDisk(disk: MemoryDisk, id: RoomId): RoomState | null {
  const room = disk.rooms.get(id);
  if (room === undefined) return null;
  const members = [...room.members.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return { lastSeq: room.entries.length, lastTime: room.entries.at(-1)?.time ?? 0, members };
}

/** What is unread after the person's marker, in each room where there is one. */
export function unreadOnDisk(disk: MemoryDisk, person: Author, rooms: readonly RoomId[]): Unread[] {
  return rooms.flatMap((id) => {
    const room = disk.rooms.get(id);
    const marker = room?.markers.get(person.id);
    if (room === undefined || marker === undefined) return [];
    const messages = room.entries
      .slice(marker)
      .filter((entry) => entry.kind === 'message')
      .slice(0, LIMITS.unreadCount)
      .map((entry) => fold(room, entry));
    const mentions = createMentionFinder(person.nick);
    const meant = messages.filter(
      (entry) =>
        entry.kind === 'message' &&
        entry.from.id !== person.id &&
        entry.text !== null &&
        mentions(entry.text),
    );
    return [{ room: id, marker, unread: messages.length, mentions: meant.length }];
  });
}

/** The writes of the directory, each done at once. They throw where a caller breaks what the port asks. */
export function writeDirectory(disk: MemoryDisk, now: () => number) {
  return {
    createRoom: (room: Omit<StoredRoom, 'id'>): StoredRoom | null => {
      const taken = [...disk.rooms.values()].some((other) => other.room.skeleton === room.skeleton);
      if (taken) return null;
      const made = { ...room, id: disk.rooms.size + 1 };
      disk.rooms.set(made.id, {
        room: made,
        entries: [],
        edits: new Map(),
        members: new Map(),
        keys: new Map(),
        markers: new Map(),
      });
      return made;
    },
    createPerson: (person: Author, session: Uint8Array | null): void => {
      if (disk.people.has(person.id)) throw new Error('a person of this id is already there');
      disk.people.set(person.id, { nick: person.nick, seen: now() });
      if (session !== null) disk.sessions.set(hex(session), { person: person.id, used: now() });
    },
    resumeSession: (session: Uint8Array, usedAfter: number): Author | null => {
      const found = disk.sessions.get(hex(session));
      const person = found === undefined ? undefined : disk.people.get(found.person);
      if (found === undefined || person === undefined || found.used <= usedAfter) return null;
      found.used = now();
      person.seen = now();
      return { id: found.person, nick: person.nick };
    },
    endSession: (session: Uint8Array): void => void disk.sessions.delete(hex(session)),
    renamePerson: (id: string, nick: string): void => {
      const person = disk.people.get(id);
      if (person !== undefined) person.nick = nick;
    },
    setMember: (id: RoomId, member: StoredMember, present: boolean): void => {
      const members = disk.rooms.get(id)?.members;
      if (present) members?.set(member.id, { ...member });
      else members?.delete(member.id);
    },
    markRead: (person: string, id: RoomId, seq: number): number => {
      const markers = disk.rooms.get(id)?.markers;
      const marker = Math.max(markers?.get(person) ?? 0, seq);
      markers?.set(person, marker);
      return marker;
    },
    prune: (before: number): void => pruneDisk(disk, before, now()),
  };
}

function pruneDisk(disk: MemoryDisk, before: number, now: number): void {
  for (const [session, { used }] of disk.sessions) if (used < before) disk.sessions.delete(session);
  const kept = new Set([...disk.sessions.values()].map(({ person }) => person));
  for (const room of disk.rooms.values()) {
    for (const id of room.members.keys()) kept.add(id);
    for (const [key, { time }] of room.keys) if (now - time >= KEY_LIFE_MS) room.keys.delete(key);
  }
  for (const [id, { seen }] of disk.people) {
    if (seen >= before || kept.has(id)) continue;
    disk.people.delete(id);
    for (const room of disk.rooms.values()) room.markers.delete(id);
  }
}
