/**
 * Every error code of the protocol, with what it means. The list is closed:
 * a code that is not here is never sent. `closes` says that the server ends
 * the connection after it.
 */
export const ERRORS = {
  bad_request: {
    means: 'The line is not one JSON object, not valid UTF-8, or a field is missing or wrong.',
    closes: false,
  },
  unknown_type: { means: 'There is no request of this type.', closes: false },
  too_long: {
    means:
      'A field, or the whole line, is longer than the limit that the message names. A line past the limit closes.',
    closes: false,
  },
  rate_limited: {
    means: 'Too many requests of this kind in a short time. Nothing was done; try again later.',
    closes: false,
  },
  limit_reached: {
    means:
      'A limit on how many there may be is reached, such as rooms of one person. Before login it closes.',
    closes: false,
  },
  login_required: { means: 'The request needs a login first.', closes: false },
  login_failed: { means: 'The session is not known or has expired. Log in with a nickname.', closes: false },
  bad_nick: {
    means: 'The nickname is empty, too long, reserved, or has a character that is not allowed in names.',
    closes: false,
  },
  nick_taken: { means: 'Somebody else has this nickname or one that looks like it.', closes: false },
  bad_room: {
    means: 'The room name is empty, too long, or has a character that is not allowed in names.',
    closes: false,
  },
  room_not_found: { means: 'There is no such room, or none that you may see.', closes: false },
  room_exists: { means: 'A room of this name, or one that looks like it, is already there.', closes: false },
  not_in_room: { means: 'You are not in this room; join it first.', closes: false },
  forbidden: {
    means: 'You may not do this, such as editing what another person wrote or what is erased.',
    closes: false,
  },
  banned: { means: 'You are banned from this room.', closes: false },
  store_unavailable: {
    means:
      'The log cannot be written at the moment. The message may or may not be stored: send it again with the same key.',
    closes: false,
  },
  slow_consumer: {
    means:
      'You read more slowly than the room speaks, and the queue for you is full. Connect again and join with the last seq you have.',
    closes: true,
  },
  kicked: { means: 'The operator ended this connection.', closes: true },
  login_timeout: { means: 'No login in time after connecting.', closes: true },
  server_stopping: { means: 'The server is stopping. Connect again in a while.', closes: true },
  internal: { means: 'The server made a mistake. It is in its log; trying again may help.', closes: false },
} as const;

/** A code of the closed list. */
export type ErrorCode = keyof typeof ERRORS;
