/**
 * The steps that make the file's schema, oldest first. Append only: a step
 * that was ever released is never changed, and databases made by each of them
 * are kept in `frozen/` and migrated in a test.
 *
 * Why `entry` is as it is: a deleted text must leave no byte behind, and
 * `secure_delete` does not clean the copies that stay in a page's gap when
 * rows move between pages. So rows of `entry` never move: they are appended
 * in the order of `id`, across rooms, and never change their size; a text is
 * erased by a blob of zeros of the same length (see `write-entries.ts`). For
 * the same reason nothing else in the file may hold a message's text, no index
 * may contain it, and the table must not become WITHOUT ROWID.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE room (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    skeleton TEXT NOT NULL UNIQUE,
    topic TEXT NOT NULL,
    creator TEXT
  ) STRICT;

  CREATE TABLE person (id TEXT PRIMARY KEY, nick TEXT NOT NULL, seen INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX person_by_seen ON person (seen);

  CREATE TABLE session (hash BLOB PRIMARY KEY, person TEXT NOT NULL, used INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX session_by_used ON session (used);
  CREATE INDEX session_by_person ON session (person);

  CREATE TABLE member (
    room INTEGER NOT NULL,
    person TEXT NOT NULL,
    nick TEXT NOT NULL,
    hold INTEGER NOT NULL,
    PRIMARY KEY (room, person)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX member_by_person ON member (person);

  CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    room INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    time INTEGER NOT NULL,
    person TEXT NOT NULL,
    nick TEXT NOT NULL,
    text ANY,
    of INTEGER,
    key TEXT,
    detail TEXT
  ) STRICT;
  CREATE UNIQUE INDEX entry_by_place ON entry (room, kind, seq);
  CREATE INDEX edit_by_message ON entry (room, of, seq) WHERE kind = 2;

  CREATE TABLE send_key (
    room INTEGER NOT NULL,
    person TEXT NOT NULL,
    key TEXT NOT NULL,
    seq INTEGER NOT NULL,
    time INTEGER NOT NULL,
    PRIMARY KEY (room, person, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE read_marker (
    person TEXT NOT NULL,
    room INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (person, room)
  ) STRICT, WITHOUT ROWID;
  `,
];

/** Marks a file as ours in its header: "TEAH". */
export const APPLICATION_ID = 0x54_45_41_48;
