-- A database as schema 1 made it. Never changed: a test migrates it.
PRAGMA application_id = 1413824840;
PRAGMA user_version = 1;
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
INSERT INTO meta (name, value) VALUES ('keys', 0);
INSERT INTO meta (name, value) VALUES ('log', '00112233445566778899aabbccddeeff');
INSERT INTO meta (name, value) VALUES ('probe', 0);
INSERT INTO room (id, name, skeleton, topic, creator) VALUES (1, 'lobby', 'lobby', '茶', NULL);
INSERT INTO person (id, nick, seen) VALUES ('p-ming', '小明', 1790000000000);
INSERT INTO session (hash, person, used) VALUES (X'0101010101010101010101010101010101010101010101010101010101010101', 'p-ming', 1790000000000);
INSERT INTO member (room, person, nick, hold) VALUES (1, 'p-ming', '小明', 1);
INSERT INTO entry (id, room, kind, seq, time, person, nick, text, of, key, detail) VALUES (1, 1, 6, 1, 1790000001000, 'p-ming', '小明', NULL, NULL, NULL, NULL);
INSERT INTO entry (id, room, kind, seq, time, person, nick, text, of, key, detail) VALUES (2, 1, 1, 2, 1790000002000, 'p-ming', '小明', '茶', NULL, 'k1', NULL);
INSERT INTO entry (id, room, kind, seq, time, person, nick, text, of, key, detail) VALUES (3, 1, 2, 3, 1790000003000, 'p-ming', '小明', '好茶', 2, NULL, NULL);
INSERT INTO entry (id, room, kind, seq, time, person, nick, text, of, key, detail) VALUES (4, 1, 1, 4, 1790000004000, 'p-ming', '小明', X'000000000000', NULL, NULL, NULL);
INSERT INTO entry (id, room, kind, seq, time, person, nick, text, of, key, detail) VALUES (5, 1, 3, 5, 1790000005000, 'p-ming', '小明', NULL, 4, NULL, NULL);
INSERT INTO entry (id, room, kind, seq, time, person, nick, text, of, key, detail) VALUES (6, 1, 4, 6, 1790000006000, 'p-ming', '小明', '茶', NULL, NULL, NULL);
INSERT INTO send_key (room, person, key, seq, time) VALUES (1, 'p-ming', 'k1', 2, 1790000002000);
INSERT INTO read_marker (person, room, seq) VALUES ('p-ming', 1, 2);
