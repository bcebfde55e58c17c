/**
 * The rules of the protocols, each with an id and a sentence. The test that
 * holds a rule has a name that starts with the rule's id; `server/test/rules.test.ts`
 * fails while a rule has none. Ids are never reused: a rule that goes leaves a gap.
 */
import { CLASSIC_RULES } from './rules-classic.ts';

/** What the first half of an id stands for, in the order of the reference page. */
export const RULE_AREAS = {
  PROMISE: 'What the server promises',
  FRAME: 'Lines, frames and objects',
  CONN: 'Connections',
  LOGIN: 'Logging in and out',
  NAME: 'Nicknames',
  ROOM: 'Rooms and entries',
  JOIN: 'Joining, replay and leaving',
  SEND: 'Sending',
  EDIT: 'Editing and deleting',
  HIST: 'History',
  PRES: 'Presence, typing and read markers',
  LIMIT: 'Limits and rates',
  ERR: 'Errors',
  RSA: 'The classic protocol rsa-line',
  BYTE: 'The classic protocol login-byte',
} as const;

const NATIVE_RULES = {
  'PROMISE-1':
    "Durable before acknowledged: the `ok` of a `send`, and the entry's delivery to anybody, come after the entry is committed; a server killed at any moment has lost nothing that it acknowledged or showed.",
  'PROMISE-2':
    'Exactly once: a `send` with a `key` is stored once per person and room within 24 h; a retry gets the first answer again, and rights are checked before the key is looked up.',
  'PROMISE-3':
    'No gaps, no repeats, one order: everybody in a room gets the same entries in the same order, and a replay goes over into live entries with nothing lost or doubled.',
  'PROMISE-4':
    'A slow reader harms only itself: its queue is bounded, what has no `seq` is shed first, past the bound it gets `slow_consumer` and is closed, and it resumes from its last `seq`.',
  'PROMISE-5':
    'One write, not many: entries that are ready together leave in one write per connection, and an entry leaves an idle server at once; no timer delays it.',
  'PROMISE-6':
    'Gone is gone: a deletion is an entry, the old text is erased in place, and `seq` stays dense.',
  'PROMISE-7':
    'Only to those who may: a room that one may not see and a room that is not there answer alike.',

  'FRAME-1':
    'On TCP a message is one JSON object on a line that ends with LF; CRLF is accepted, and an empty line is nothing.',
  'FRAME-2': 'On WebSocket, at `/ws`, a message is one JSON object in a text frame.',
  'FRAME-3':
    'A line that is not one JSON object gets `bad_request`, however it is broken, and the connection stays open.',
  'FRAME-4': 'A line or frame of more than 64 KiB gets `too_long`, and the connection closes.',
  'FRAME-5': 'Invalid UTF-8 gets `bad_request`; it is never repaired.',
  'FRAME-6':
    'What the server sends is compact JSON in valid UTF-8 with a `type`, one object to a line or frame.',
  'FRAME-7': 'Fields that the schema does not name are ignored and go no further than the decoder.',
  'FRAME-8': "An answer carries its request's `id`; a request without one gets no `ok`.",
  'FRAME-9':
    'A connection to the native TCP listener, or to a classic one, whose first line begins with an HTTP method is closed at once.',

  'CONN-1':
    "The first line of every connection is `hello`, with the server, the protocol's version, the log's identity, the ways to log in and the limits.",
  'CONN-2': 'Before login a connection has 8 requests; the ninth gets `limit_reached` and closes it.',
  'CONN-3': 'Before login a connection has 64 KiB; more closes it.',
  'CONN-4':
    'A connection that has not logged in is closed with `login_timeout` 10 s after its first byte and 60 s after connecting.',
  'CONN-5': 'Silence never ends a logged-in TCP connection.',
  'CONN-6': 'A WebSocket is pinged after 90 s, and is closed when nothing came for 150 s.',
  'CONN-7': 'A server that stops commits and answers what it was given, says `server_stopping` and closes.',
  'CONN-8':
    'A person has any number of connections at once; each gets the entries of the rooms that were joined on it.',
  'CONN-9':
    'Without `hold` a person leaves at once when their last connection closes, and the nickname is free.',
  'CONN-10':
    'With `hold` the person stays in the room, and the nickname theirs, for 60 s after their last connection was lost.',
  'CONN-11': 'After a restart of the server the 60 s of `hold` count from its start.',

  'LOGIN-1':
    'A login with `nick` alone makes a guest: a new person with an opaque id, whose `session` is told once.',
  'LOGIN-2':
    'A login with `session` brings back the same person under their nickname; the session is not told again and does not rotate.',
  'LOGIN-3': 'A session that is wrong, ended or unused for 30 days gets `login_failed`.',
  'LOGIN-4': 'A session outlives a restart of the server.',
  'LOGIN-5':
    'Where the old nickname was taken meanwhile, a login with `session` gets `nick_taken`; the session stays good, and with another `nick` beside it the person comes back under that.',
  'LOGIN-6': 'A request that needs a login gets `login_required` before one.',
  'LOGIN-7':
    '`logout` makes the session void, takes the person out of their rooms and closes the connection.',
  'LOGIN-8': 'A login that names neither `nick` nor `session` gets `bad_request`.',
  'LOGIN-9': '`whoami` answers with the person and the rooms they are in.',
  'LOGIN-10': 'Session secrets are stored hashed only.',

  'NAME-1':
    'A nickname has 1 to 32 grapheme clusters, at most 96 bytes, and at most 4 marks a grapheme; another is `bad_nick`.',
  'NAME-2': 'Nicknames are stored, compared, counted and sent in NFC.',
  'NAME-3':
    'Controls, format characters, white space and the characters : * ! @ , # & ~ + % / \\ < > [ ] " \' ` make a nickname `bad_nick`.',
  'NAME-4':
    '`server`, `system`, `admin`, `root`, names that end in `Serv`, and their look-alikes are `bad_nick`.',
  'NAME-5':
    "A nickname that equals somebody's after folding of compatibility, case and width, or looks like it by the confusables of Unicode TS 39, is `nick_taken`.",
  'NAME-6': 'Whoever takes a nickname that is free again is another person and inherits nothing.',
  'NAME-7':
    '`nick` adds one `nick` entry to each room that the person is in, with the old nickname in `from`; the answer carries the new one.',

  'ROOM-1': 'A room `lobby` exists from the first start.',
  'ROOM-2':
    "A room's name has 1 to 64 grapheme clusters and at most 192 bytes and follows the rules of nicknames, emoji allowed; another is `bad_room`.",
  'ROOM-3':
    'Anybody logged in may `create` a public room; a name that is there, or looks like one that is, gets `room_exists`.',
  'ROOM-4':
    '`rooms` pages through all public rooms in the order of their names, with `topic`, `people`, `lastSeq` and `joined`.',
  'ROOM-5': '`rooms` tells `unread` and `mentions` where there is a read marker, counting messages only.',
  'ROOM-6':
    "A room's creator sets its topic, and anybody in it while nobody owns it; for others it is `forbidden`. A new topic is an entry.",
  'ROOM-7': 'The topic of `lobby` comes from the configuration, and nobody in it sets it.',
  'ROOM-8':
    'Entries of a room have a `seq` that is dense and rises by one from 1, and a `time` in RFC 3339, UTC, milliseconds, that never falls.',
  'ROOM-9': 'An entry has `type`, `room`, `seq`, `time`, `from` and the fields of its kind, and no `id`.',

  'JOIN-1':
    'The answer to `join` has the room, its members (100 at most) and `from`, the seq at which the entries that follow start.',
  'JOIN-2': '`join` without `since` brings only what comes next.',
  'JOIN-3': '`join` with `since` replays what came after that seq; 0 is from the beginning.',
  'JOIN-4': 'A replayed entry is the same as it was live, unless it was erased since.',
  'JOIN-5':
    'A gap of more than 1,000 entries or 512 KiB is replayed from where the limit allows, and the answer says `truncated`.',
  'JOIN-6':
    "Where `log` is another than the server's, or `since` is past `lastSeq`, the answer says `reset`, and the replay starts at the beginning as far as the limit allows.",
  'JOIN-7': 'A second connection of a person that joins adds no `enter`.',
  'JOIN-8': 'Joining again on one connection starts its replay anew.',
  'JOIN-9': '`leave` takes the person out of the room on all their connections.',
  'JOIN-10': '`join` does not make a room: one that is not there gets `room_not_found`.',

  'SEND-1':
    'The `ok` of a `send` has `seq` and `time`, and comes before the entry itself on that connection.',
  'SEND-2': 'A key that was sent before, even with another text, gets the first answer, and adds no entry.',
  'SEND-3': 'An entry carries the `key` it was sent with, live, in replay and in history.',
  'SEND-4': 'The sender gets their own entry like everybody else.',
  'SEND-5': '`send` to a room that one is not in gets `not_in_room`.',
  'SEND-6': 'In a text CRLF becomes LF; other controls are stored as they are.',
  'SEND-7': 'A text with NUL or a lone surrogate gets `bad_request`.',
  'SEND-8': 'A text of more than 16 KiB gets `too_long`.',
  'SEND-9':
    'When the store cannot write, a `send` gets `store_unavailable`, and the same key may be sent again.',

  'EDIT-1':
    "`edit` gives one's own message a new text, which readers of history see at once and the room gets as an `edit` entry.",
  'EDIT-2': "`delete` takes one's own message back: the room gets a `delete` entry.",
  'EDIT-3':
    'An erased entry keeps `seq`, `time`, `type` and `from`, and has `deleted` and no `text`, in replay and in history.',
  'EDIT-4':
    'Editing or deleting what another person wrote, what is erased, or what is no message is `forbidden`.',
  'EDIT-5': 'The bytes of an erased text are gone from the data folder within 1 s of the `ok` of `delete`.',

  'HIST-1':
    '`history` answers with a page `before`, `after` or `around` a seq, or `at` a time, and the newest page without any of them, oldest first.',
  'HIST-2': '`limit`, 500 at most, counts the rows shown.',
  'HIST-3': 'A page is folded: a message comes with its newest text and `edited`, or with `deleted`.',
  'HIST-4': '`kinds` chooses the kinds of rows; without it they are all but edits and deletions.',
  'HIST-5': 'A page ends at 512 KiB too; `more` tells that there are further rows.',
  'HIST-6':
    '`asOf` is the seq up to which a page is folded: a client that replays from there misses nothing.',
  'HIST-7': "A public room's history can be read without joining it.",
  'HIST-8': 'More than one of `before`, `after`, `around` and `at` gets `bad_request`.',
  'HIST-9':
    '`type`, `room`, `seq`, `time`, `from`, `text` and `key` of an entry are the same live, in replay and, unless edited or erased since, in history.',

  'PRES-1': 'Coming in and leaving are `enter` and `leave` entries while a room has at most 200 people.',
  'PRES-2':
    'Above 200 people they are no entries; a `presence` event, at most once a second, says how many are there, came and went.',
  'PRES-3': 'Presence is of persons: the first connection in and the last one out count.',
  'PRES-4': '`members` pages through who is in the room, in the order of ids.',
  'PRES-5': '`typing` reaches the others in the room as an event without `seq`, and is not kept.',
  'PRES-6': "`read` sets one's read marker, which never goes back, and tells one's other connections.",
  'PRES-7': "The first entry of `lobby` is the first person's `enter`, with seq 1.",

  'LIMIT-1': '`hello` tells the limits, and an error past one names it.',
  'LIMIT-2':
    'Requests past the rate of a person, a connection or an address get `rate_limited`, and nothing is done.',
  'LIMIT-3': 'Each kind of request with a rate of its own gets `rate_limited` past it.',
  'LIMIT-4': 'A person is in at most 100 rooms; one more gets `limit_reached`.',
  'LIMIT-5':
    'An address has at most 32 connections at once and 60 new ones a minute, ten times as many on private ranges.',
  'LIMIT-6': 'An address holds at most 4 nicknames of people who are away.',
  'LIMIT-7': '`--no-rate-limit` lifts rates and counts, never sizes, queue bounds or time-outs.',

  'ERR-1':
    'An error has a `code` of the closed list and a `message`, and the `id` of its request where that had one.',
  'ERR-2': 'An unknown `type` gets `unknown_type`.',
  'ERR-3': 'Errors reach a client that leaves `id` out.',
  'ERR-4': 'Only what is abusive or final ends a connection; after any other error it goes on.',
} as const;

/** Every rule, by its id. */
export const RULES = { ...NATIVE_RULES, ...CLASSIC_RULES } as const;

export type RuleId = keyof typeof RULES;
