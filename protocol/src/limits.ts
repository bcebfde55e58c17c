/**
 * The limits that every implementation of the protocol shares. A server tells
 * its own values in `hello`; these are the defaults and what the schema allows.
 */
export const LIMITS = {
  /** Bytes in one line (without its line end) or one WebSocket message. */
  lineBytes: 65_536,
  /** Bytes of UTF-8 in the text of one message. */
  textBytes: 16_384,
  /** Grapheme clusters in a nickname. */
  nickGraphemes: 32,
  /** Bytes of UTF-8 in a nickname. */
  nickBytes: 96,
  /** Grapheme clusters in a room's name. */
  roomGraphemes: 64,
  /** Bytes of UTF-8 in a room's name. */
  roomBytes: 192,
  /** Bytes of UTF-8 in a topic. */
  topicBytes: 1_024,
  /** Characters in a request's `id`. */
  idLength: 64,
  /** Characters in a message's `key`. */
  keyLength: 64,
  /** Entries that one `join` replays at most. */
  replayEntries: 1_000,
  /** Bytes that one replay or one history page holds at most. */
  pageBytes: 524_288,
  /** Rows that one history page shows at most. */
  historyRows: 500,
  /** Members listed in the answer to `join`. */
  joinMembers: 100,
  /** Members in one page of `members`. */
  memberRows: 500,
  /** Rooms in one page of `rooms`. */
  roomRows: 500,
  /** Unread messages are counted up to here; the count then reads "or more". */
  unreadCount: 1_000,
  /** Rooms that one person may be in at once. */
  roomsPerPerson: 100,
  /** Requests before login. */
  requestsBeforeLogin: 8,
  /** Bytes before login. */
  bytesBeforeLogin: 65_536,
  /** People up to which entering and leaving a room are entries. */
  presencePeople: 200,
} as const;

/** The version of the protocol, told in `hello`. */
export const PROTOCOL_VERSION = 1;
