import type { DatabaseSync } from 'node:sqlite';
import { KEY_LIFE_MS } from '../page-rules.ts';
import type { Author, RoomId, StoredMember, StoredRoom } from '../port.ts';

/** Entries whose keys one step of pruning looks at: a few milliseconds of the writer. */
const PRUNE_STEP = 2_000;

/** The directory's writes. They run within the open transaction; `now` is the batch's. */
export function createDirectoryWriter(db: DatabaseSync) {
  return { ...createRoomWriter(db), ...createPeopleWriter(db), ...createPruner(db) };
}

export type DirectoryWriter = ReturnType<typeof createDirectoryWriter>;

function createRoomWriter(db: DatabaseSync) {
  const taken = db.prepare('SELECT 1 FROM room WHERE skeleton = ?');
  const insert = db.prepare('INSERT INTO room (name, skeleton, topic, creator) VALUES (?, ?, ?, ?)');
  const enter = db.prepare('INSERT OR REPLACE INTO member (room, person, nick, hold) VALUES (?, ?, ?, ?)');
  const leave = db.prepare('DELETE FROM member WHERE room = ? AND person = ?');
  const mark = db.prepare(
    'INSERT INTO read_marker (person, room, seq) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq) RETURNING seq',
  );
  return {
    createRoom(_now: number, room: Omit<StoredRoom, 'id'>): StoredRoom | null {
      if (taken.get(room.skeleton) !== undefined) return null;
      const { lastInsertRowid } = insert.run(room.name, room.skeleton, room.topic, room.creator);
      return { ...room, id: Number(lastInsertRowid) };
    },
    setMember(_now: number, room: RoomId, member: StoredMember, present: boolean): void {
      if (present) enter.run(room, member.id, member.nick, member.hold ? 1 : 0);
      else leave.run(room, member.id);
    },
    markRead(_now: number, person: string, room: RoomId, seq: number): number {
      return Number(mark.get(person, room, seq)?.['seq']);
    },
  };
}

function createPeopleWriter(db: DatabaseSync) {
  const insertPerson = db.prepare('INSERT INTO person (id, nick, seen) VALUES (?, ?, ?)');
  const insertSession = db.prepare('INSERT INTO session (hash, person, used) VALUES (?, ?, ?)');
  const find = db.prepare(
    'SELECT person.id, person.nick FROM session JOIN person ON person.id = session.person WHERE session.hash = ? AND session.used > ?',
  );
  const use = db.prepare('UPDATE session SET used = ? WHERE hash = ?');
  const see = db.prepare('UPDATE person SET seen = ? WHERE id = ?');
  const end = db.prepare('DELETE FROM session WHERE hash = ?');
  const rename = db.prepare('UPDATE person SET nick = ? WHERE id = ?');
  return {
    createPerson(now: number, person: Author, session: Uint8Array | null): void {
      insertPerson.run(person.id, person.nick, now);
      if (session !== null) insertSession.run(session, person.id, now);
    },
    resumeSession(now: number, session: Uint8Array, usedAfter: number): Author | null {
      const person = find.get(session, usedAfter) as unknown as Author | undefined;
      if (person === undefined) return null;
      use.run(now, session);
      see.run(now, person.id);
      return { id: person.id, nick: person.nick };
    },
    endSession: (_now: number, session: Uint8Array): void => void end.run(session),
    renamePerson: (_now: number, id: string, nick: string): void => void rename.run(nick, id),
  };
}

/**
 * Forgets what is old. Keys are found through the log itself, from where the
 * last step stopped, so that they need no index by time on the way of every send.
 */
function createPruner(db: DatabaseSync) {
  const sessions = db.prepare('DELETE FROM session WHERE used < ?');
  const old = db.prepare(
    `SELECT id FROM person WHERE seen < ? AND NOT EXISTS (SELECT 1 FROM session WHERE person = person.id)
     AND NOT EXISTS (SELECT 1 FROM member WHERE person = person.id)`,
  );
  const markers = db.prepare('DELETE FROM read_marker WHERE person = ?');
  const people = db.prepare('DELETE FROM person WHERE id = ?');
  const cursor = db.prepare("SELECT value FROM meta WHERE name = 'keys'");
  const move = db.prepare("UPDATE meta SET value = ? WHERE name = 'keys'");
  const young = db.prepare(
    'SELECT id FROM entry WHERE id > ?1 AND id <= ?1 + ?2 AND time > ?3 ORDER BY id LIMIT 1',
  );
  const last = db.prepare('SELECT max(id) AS id FROM entry');
  const keys = db.prepare(
    `DELETE FROM send_key WHERE (room, person, key, seq) IN
     (SELECT room, person, key, seq FROM entry WHERE id > ?1 AND id <= ?2 AND key IS NOT NULL)`,
  );
  return {
    prunePeople(_now: number, before: number): void {
      sessions.run(before);
      for (const { id } of old.all(before) as { id: string }[]) {
        markers.run(id);
        people.run(id);
      }
    },
    /** One step; true where more is to be done. */
    pruneKeys(now: number): boolean {
      const from = Number(cursor.get()?.['value']);
      const stop = young.get(from, PRUNE_STEP, now - KEY_LIFE_MS)?.['id'];
      const end = Number(last.get()?.['id'] ?? 0);
      const to = stop === undefined ? Math.min(from + PRUNE_STEP, end) : Number(stop) - 1;
      if (to <= from) return false;
      keys.run(from, to);
      move.run(to);
      return stop === undefined && to < end;
    },
  };
}
