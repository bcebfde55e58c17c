import type { DatabaseSync } from 'node:sqlite';
import { LIMITS } from '@teahouse/protocol';
import { createMentionFinder } from '../page-rules.ts';
import type { Author, RoomId, RoomState, StoredMember, StoredRoom, Unread } from '../port.ts';
import type { PageReader } from './read-pages.ts';
import { KIND } from './rows.ts';

/** Messages after a marker, each with the text it has now; null where it was erased. */
export const UNREAD_SQL = `SELECT person, CASE typeof(text) WHEN 'text' THEN coalesce(
    (SELECT text FROM entry AS newer WHERE newer.kind = ${KIND.edit} AND newer.room = entry.room AND newer.of = entry.seq ORDER BY newer.seq DESC LIMIT 1),
    text) END AS text
  FROM entry WHERE room = ?1 AND kind = ${KIND.message} AND seq > ?2 ORDER BY seq LIMIT ${LIMITS.unreadCount}`;

export const MEMBERS_SQL = 'SELECT person AS id, nick, hold FROM member WHERE room = ? ORDER BY person';

export const ROOMS_SQL = 'SELECT id, name, skeleton, topic, creator FROM room ORDER BY id';

/** Reads what a room is now. The caller holds a read transaction around each call. */
export function createRoomReader(db: DatabaseSync, pages: PageReader) {
  const there = db.prepare('SELECT 1 FROM room WHERE id = ?');
  const members = db.prepare(MEMBERS_SQL);
  const rooms = db.prepare(ROOMS_SQL);
  const marker = db.prepare('SELECT seq FROM read_marker WHERE person = ? AND room = ?');
  const unread = db.prepare(UNREAD_SQL);

  const isThere = (room: RoomId): boolean => there.get(room) !== undefined;

  return {
    open(room: RoomId): RoomState {
      if (!isThere(room)) throw new Error(`there is no room ${room}`);
      const lastSeq = pages.lastSeq(room);
      const stored = members.all(room) as { id: string; nick: string; hold: number }[];
      const list = stored.map(({ id, nick, hold }): StoredMember => ({ id, nick, hold: hold === 1 }));
      return { lastSeq, lastTime: pages.timeOf(room, lastSeq), members: list };
    },
    heads: (ids: readonly RoomId[]): Map<RoomId, number> =>
      new Map(ids.filter(isThere).map((room) => [room, pages.lastSeq(room)])),
    rooms: (): StoredRoom[] => rooms.all().map((row) => ({ ...row }) as unknown as StoredRoom),
    /** What is unread in one room, or null where there is no marker. */
    unread(person: Author, room: RoomId): Unread | null {
      const row = marker.get(person.id, room);
      if (row === undefined) return null;
      const after = Number(row['seq']);
      const mentions = createMentionFinder(person.nick);
      let [count, meant] = [0, 0];
      for (const { person: from, text } of unread.iterate(room, after)) {
        count += 1;
        if (from !== person.id && typeof text === 'string' && mentions(text)) meant += 1;
      }
      return { room, marker: after, unread: count, mentions: meant };
    },
  };
}
