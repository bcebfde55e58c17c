import type { DatabaseSync } from 'node:sqlite';
import { KEY_LIFE_MS } from '../page-rules.ts';
import type { RoomId } from '../port.ts';
import { ALL_KINDS, KIND, targetOf, type PackedDraft } from './rows.ts';

/** Where a room's log ends. */
interface Head {
  seq: number;
  time: number;
}

/** How a draft ended, as two numbers: seq and time, seq negative where a key was repeated, or 0 and why not. */
export type OutcomePair = readonly [seq: number, time: number];

export const GONE: OutcomePair = [0, 0];

/** The last seq of a room, 0 where it is empty, from the ends of its kinds in the index. */
export const LAST_SEQ_SQL = `SELECT max(${ALL_KINDS.map((kind) => `coalesce((SELECT max(seq) FROM entry WHERE room = ?1 AND kind = ${kind}), 0)`).join(', ')})`;

/** The time of one entry, whatever its kind. */
export const TIME_SQL = `SELECT time FROM entry WHERE room = ?1 AND kind IN (${ALL_KINDS.join(', ')}) AND seq = ?2`;

export interface EntryWriter {
  /** Appends within the open transaction; throws where the room is not there. */
  readonly append: (draft: PackedDraft, now: number) => OutcomePair;
  /** Forgets what it knows of the rooms' ends, because a transaction was rolled back. */
  readonly forget: () => void;
}

/** Writes entries and what follows from them. Seq and time are given here and nowhere else. */
export function createEntryWriter(db: DatabaseSync): EntryWriter {
  const heads = new Map<RoomId, Head>();
  const keys = createKeyBook(db);
  const applyState = createStateWriter(db);
  const lastSeq = db.prepare(LAST_SEQ_SQL, { returnArrays: true });
  const timeOf = db.prepare(TIME_SQL, { returnArrays: true });
  const roomThere = db.prepare('SELECT 1 FROM room WHERE id = ?');
  const messageThere = db.prepare(
    `SELECT 1 FROM entry WHERE room = ? AND kind = ${KIND.message} AND seq = ? AND typeof(text) = 'text'`,
  );
  const insert = db.prepare(
    'INSERT INTO entry (room, kind, seq, time, person, nick, text, of, key, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );

  const loadHead = (room: RoomId): Head => {
    if (roomThere.get(room) === undefined) throw new Error(`there is no room ${room}`);
    const [seq] = lastSeq.get(room) as unknown as [number];
    const row = timeOf.get(room, seq) as unknown as [number] | undefined;
    const head = { seq, time: row?.[0] ?? 0 };
    heads.set(room, head);
    return head;
  };

  return {
    append(draft, now) {
      const { room, kind, person, of, key } = draft;
      const head = heads.get(room) ?? loadHead(room);
      const time = Math.max(head.time, now);
      const seq = head.seq + 1;
      if (key !== null) {
        const first = keys.claim(room, person, key, seq, time);
        if (first !== null) return [-first.seq, first.time];
      }
      if ((kind === KIND.edit || kind === KIND.delete) && messageThere.get(room, of) === undefined)
        return GONE;
      insert.run(room, kind, seq, time, person, draft.nick, draft.text, of, key, draft.detail);
      head.seq = seq;
      head.time = time;
      if (kind !== KIND.message && kind !== KIND.edit) applyState(draft);
      return [seq, time];
    },
    forget: () => heads.clear(),
  };
}

/** The keys of the last 24 hours. */
function createKeyBook(db: DatabaseSync) {
  const insert = db.prepare(
    'INSERT OR IGNORE INTO send_key (room, person, key, seq, time) VALUES (?, ?, ?, ?, ?)',
  );
  const find = db.prepare('SELECT seq, time FROM send_key WHERE room = ? AND person = ? AND key = ?');
  const renew = db.prepare('UPDATE send_key SET seq = ?, time = ? WHERE room = ? AND person = ? AND key = ?');
  return {
    /** Takes the key for this seq, or answers the entry that has it. */
    claim(room: RoomId, person: string, key: string, seq: number, time: number): Head | null {
      if (insert.run(room, person, key, seq, time).changes !== 0) return null;
      const first = find.get(room, person, key) as unknown as Head;
      if (time - first.time < KEY_LIFE_MS) return first;
      renew.run(seq, time, room, person, key);
      return null;
    },
  };
}

/** Writes what an entry changes beside the log. */
function createStateWriter(db: DatabaseSync): (draft: PackedDraft) => void {
  // The same length, so that the row stays where it is and nothing of it is left elsewhere: see schema.ts.
  const zeros = "UPDATE entry SET text = zeroblob(octet_length(text)) WHERE typeof(text) = 'text' AND";
  const eraseMessage = db.prepare(`${zeros} room = ? AND kind = ${KIND.message} AND seq = ?`);
  const eraseEdits = db.prepare(`${zeros} room = ? AND kind = ${KIND.edit} AND of = ?`);
  const setTopic = db.prepare('UPDATE room SET topic = ? WHERE id = ?');
  const rename = db.prepare('UPDATE member SET nick = ? WHERE room = ? AND person = ?');
  const enter = db.prepare('INSERT OR REPLACE INTO member (room, person, nick, hold) VALUES (?, ?, ?, ?)');
  const leave = db.prepare('DELETE FROM member WHERE room = ? AND person = ?');

  return ({ room, kind, person, nick, text, of, detail, hold }) => {
    switch (kind) {
      case KIND.delete:
        eraseMessage.run(room, of);
        eraseEdits.run(room, of);
        return;
      case KIND.topic:
        setTopic.run(text, room);
        return;
      case KIND.nick:
        rename.run(text, room, person);
        return;
      case KIND.enter:
        enter.run(room, person, nick, hold ? 1 : 0);
        return;
      case KIND.leave:
        leave.run(room, person);
        return;
      case KIND.moderation:
        leave.run(room, targetOf(detail));
        return;
      case KIND.message:
      case KIND.edit:
    }
  };
}
