/**
 * The one table of the config: every key with its default, unit, bounds and
 * meaning. Validation, the commented example file and the names of the
 * environment variables follow from it.
 */
import { LIMITS } from '@teahouse/protocol';

import {
  checkedText,
  lineOfText,
  listeners,
  networks,
  oneNumberOf,
  oneOf,
  rate,
  wholeNumber,
} from './key.ts';
import { DEFAULT_LISTEN } from './listeners.ts';

export const KEYS = {
  server: {
    listen: listeners(
      DEFAULT_LISTEN,
      'Where the server listens: http (the page, /ws, /healthz), tcp (the native protocol), rsa-line and login-byte (the classic ones). The last three take a room as path, tcp://[::]:8089/garden; without one it is lobby. [::] is every address, IPv4 too.',
    ),
    name: lineOfText('Teahouse', 60, 'What this place is called, on the page and to clients.'),
    publicUrl: checkedText(
      '',
      'an address such as "https://chat.example.org" without a path, or ""',
      'The address by which people reach the page, if it is not one of this machine: behind a proxy or a name of its own.',
      readPublicUrl,
    ),
  },
  lobby: {
    topic: lineOfText('', 250, 'The topic of the room "lobby", which is there from the first start.'),
  },
  limits: {
    lineBytes: wholeNumber(
      LIMITS.lineBytes,
      1024,
      LIMITS.lineBytes,
      'bytes',
      'One line or WebSocket message of the native protocol; past it the connection ends.',
    ),
    textBytes: wholeNumber(LIMITS.textBytes, 256, LIMITS.textBytes, 'bytes', 'The text of one message.'),
    replayEntries: wholeNumber(
      LIMITS.replayEntries,
      1,
      10_000,
      'entries',
      'What one join with "since" replays at most.',
    ),
    roomsPerPerson: wholeNumber(
      LIMITS.roomsPerPerson,
      1,
      LIMITS.roomsPerPerson,
      'rooms',
      'Rooms that one person may be in at once.',
    ),
    rooms: wholeNumber(
      10_000,
      1,
      1_000_000,
      'rooms',
      'Rooms there may be in all; each takes about 1 KiB of memory.',
    ),
    presencePeople: wholeNumber(
      LIMITS.presencePeople,
      0,
      10_000,
      'people',
      'Up to here entering and leaving a room are entries of its log; above, a summary once a second.',
    ),
    requestsBeforeLogin: wholeNumber(
      LIMITS.requestsBeforeLogin,
      2,
      100,
      'requests',
      'Requests before login; the next one ends the connection.',
    ),
    bytesBeforeLogin: wholeNumber(
      LIMITS.bytesBeforeLogin,
      4096,
      1_048_576,
      'bytes',
      'Bytes before login; more end the connection.',
    ),
    loginTimeoutSeconds: wholeNumber(
      10,
      1,
      600,
      'seconds',
      'From the first byte to login, however busy the connection is.',
    ),
    connectTimeoutSeconds: wholeNumber(60, 1, 3600, 'seconds', 'From connecting to login.'),
    outboxBytes: wholeNumber(
      1_048_576,
      655_360,
      67_108_864,
      'bytes',
      'What may wait for one slow reader; past it that reader alone is closed.',
    ),
    holdSeconds: wholeNumber(
      60,
      0,
      3600,
      'seconds',
      'How long place and nickname are kept for a client that lost its connection and can resume.',
    ),
    holdsPerAddress: wholeNumber(
      4,
      0,
      10_000,
      'people',
      'Places kept so at once for one address (IPv6: one /64); --no-rate-limit lifts it.',
    ),
    pingSeconds: wholeNumber(
      90,
      5,
      3600,
      'seconds',
      'How often a silent WebSocket is asked whether it is there; one silent for 5/3 of it is closed.',
    ),
    sessionDays: wholeNumber(
      30,
      1,
      3650,
      'days',
      'How long a guest who stays away can come back as the same person.',
    ),
  },
  rates: {
    requestsPerPerson: rate('10/s burst 40', 'Requests of one person, on all their connections.'),
    requestsPerConnection: rate('10/s burst 40', 'Requests on one connection.'),
    requestsPerAddress: rate('50/s burst 200', 'Requests from one address.'),
    sendPerPerson: rate('2/s burst 20', 'Messages, edits and deletions of one guest.'),
    joinPerPerson: rate('1/s burst 20', 'Joining and leaving rooms.'),
    nickPerPerson: rate('1/30s burst 3', 'Changes of the nickname.'),
    typingPerPerson: rate(
      '1/3s burst 2',
      'Notices that somebody is typing; those past it are dropped in silence.',
    ),
    historyPerPerson: rate('2/s burst 10', 'Pages of history, and of the list of rooms.'),
    createPerPerson: rate('1/min burst 10', 'Making rooms.'),
    decryptionsPerAddress: rate('30/min burst 40', 'Names decrypted on rsa-line.'),
    newConnectionsPerAddress: rate('60/min burst 60', 'New connections.'),
    connectionsPerAddress: wholeNumber(32, 1, 100_000, 'connections', 'Connections at once.'),
    privateFactor: wholeNumber(
      10,
      1,
      1000,
      'multiples',
      'Private and loopback addresses may have so many times every count and rate by address: a classroom sits behind one.',
    ),
    exempt: networks([], 'Addresses and networks that no count and no rate by address applies to.'),
  },
  classic: {
    backlog: wholeNumber(
      50,
      0,
      1000,
      'messages',
      'What somebody who comes in on rsa-line gets of what was said before; 0 turns it off.',
    ),
    timeZone: checkedText(
      'system',
      '"system" or a zone such as "Asia/Shanghai"',
      'The time zone of the times shown on rsa-line.',
      readTimeZone,
    ),
  },
  rsa: {
    keyFile: lineOfText(
      'rsa-line.pem',
      1000,
      'The private key of rsa-line as PEM, a path within the data folder or an absolute one; made at the first start if it is not there, readable to its owner only.',
    ),
    bits: oneNumberOf(
      [2048, 3072, 4096],
      2048,
      'bits',
      'The size of a key that is made; larger ones cost more at each login.',
    ),
  },
  http: {
    headerBytes: wholeNumber(8192, 2048, 65_536, 'bytes', 'The headers of one request.'),
    headerTimeoutSeconds: wholeNumber(10, 1, 600, 'seconds', 'For the headers to arrive.'),
    bodyBytes: wholeNumber(65_536, 1024, 1_048_576, 'bytes', 'The body of one request.'),
    requestTimeoutSeconds: wholeNumber(30, 1, 600, 'seconds', 'For a whole request to arrive.'),
  },
  log: {
    level: oneOf(
      ['info', 'warn', 'error'],
      'info',
      'What is shown: info is who comes and goes, and all below; warn what was refused and kicked, and all below; error what went wrong with the server itself.',
    ),
    linesPerSecond: wholeNumber(
      20,
      1,
      100_000,
      'lines',
      'Lines of one kind a second; what is more is counted and said in one line.',
    ),
  },
} as const;

function readPublicUrl(text: string): string | null | undefined {
  if (text === '') return null;
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  return url.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
    ? url.origin
    : undefined;
}

/** The zone's name; null is the system's own. */
function readTimeZone(text: string): string | null | undefined {
  if (text === 'system') return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
