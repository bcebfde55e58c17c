import type { TeahouseError } from '@teahouse/client';

const rules = new Intl.PluralRules('en');
const plural = (count: number, forms: { one: string; other: string }) =>
  forms[rules.select(count) === 'one' ? 'one' : 'other'];
const number = new Intl.NumberFormat('en');

/** "Ada", "Ada and Bob", "Ada and 3 others". */
function names(first: string, second: string | undefined, count: number): string {
  if (count === 1 || second === undefined) return first;
  return count === 2 ? `${first} and ${second}` : `${first} and ${count - 1} others`;
}

/** Every word of the page, in English. The other languages have the same shape. */
export const en = {
  tag: 'en',
  otherLanguage: '中文',
  app: 'Teahouse',

  name: 'Your name',
  enter: 'Come in',
  entering: 'Coming in…',

  skipToBox: 'Skip to the message box',
  conversation: 'Conversation',
  write: 'Write',
  writeTo: (room: string) => `Write to ${room}`,
  send: 'Send',
  keysHint: 'Enter sends, Shift+Enter breaks the line',
  tooLong: 'That is longer than one message can be (16 KiB). Shorten it or send it in parts.',

  people: 'People',
  peopleCount: (count: number) =>
    `${number.format(count)} ${plural(count, { one: 'person', other: 'people' })} here`,
  peopleMore: (count: number) => `and ${number.format(count)} more`,
  you: 'you',
  close: 'Close',
  menu: (nick: string) => `You are ${nick}`,
  youAre: 'You are',
  leave: 'Leave',
  leaveHint: 'Next time you come in as somebody new.',
  switchLanguage: '换成中文',

  beginning: (room: string) => `This is the beginning of ${room}.`,
  loadingOlder: 'Fetching older messages…',
  missed: (count: number) =>
    `${number.format(count)} ${plural(count, { one: 'entry', other: 'entries' })} missed. Scroll up to read them.`,
  newMessages: (count: number) => `${number.format(count)} new`,
  toEnd: 'To the newest message',

  edited: 'edited',
  takenBack: 'taken back',
  came: (first: string, second: string | undefined, count: number) =>
    `${names(first, second, count)} came in`,
  went: (first: string, second: string | undefined, count: number) => `${names(first, second, count)} left`,
  topicSet: 'set the topic:',
  topicCleared: 'cleared the topic',
  isNow: 'is now',
  kicked: 'was shown out by',
  today: 'Today',
  yesterday: 'Yesterday',
  said: (nick: string) => `${nick}: `,
  alsoSaid: (count: number, nick: string) => `${count} new from ${nick} and others`,

  sending: 'sending',
  waiting: 'waiting to be sent',
  held: 'waits for the message above',
  notSent: 'Not sent.',
  tryAgain: 'Try again',
  discard: 'Discard',

  connecting: 'Connecting…',
  nextTry: (seconds: number) => `Trying again in ${seconds} s.`,
  tryNow: 'Try now',
  stopped: 'Not connected.',

  invite: 'Invite',
  inviteTitle: (room: string) => `Bring others to ${room}`,
  emptyTitle: 'Quiet here so far',
  emptyText: 'Say the first word, or let others know how to come in.',
  inBrowser: 'In any browser, phone or computer',
  onlyHere: 'This address works on this computer only.',
  inTerminal: 'In a terminal, from a checkout of Teahouse',
  byHand: 'With nothing but nc: connect, then type two lines',
  copy: 'Copy',
  copied: 'Copied',
  qrCode: (address: string) => `QR code of ${address}`,

  noRoom: (room: string) => `There is no room called ${room} here.`,
  openRoom: 'Open it',
  toLobby: 'Go to lobby',
  outOfRoom: 'You are not in this room any more.',
  backIn: 'Come in again',

  errors: {
    bad_request: 'The server did not understand that.',
    unknown_type: 'The server does not know how to do that.',
    too_long: 'That is too long.',
    rate_limited: 'That was too fast. Wait a moment.',
    limit_reached: 'A limit of the server is reached. Try again later.',
    login_required: 'You are not logged in.',
    login_failed: 'You were away for long. Come in again with a name.',
    bad_nick: 'That cannot be a name. 1 to 32 characters, without spaces or signs such as : * @ # /',
    nick_taken: 'That name is taken. Try another.',
    bad_room: 'That cannot be a room’s name.',
    room_not_found: 'There is no such room.',
    room_exists: 'There is already a room of that name.',
    not_in_room: 'You are not in this room.',
    forbidden: 'You may not do that.',
    banned: 'You are banned from this room.',
    store_unavailable: 'The server cannot write at the moment. It will be tried again.',
    slow_consumer: 'The line is too slow for this room. Connecting again.',
    kicked: 'The operator has shown you out.',
    login_timeout: 'That took too long. Try again.',
    server_stopping: 'The server is stopping. Back in a while.',
    internal: 'The server made a mistake. Try again.',
    unreachable: 'The server cannot be reached.',
    not_teahouse: 'That is not a Teahouse server, or one of another version.',
    disconnected: 'The connection is lost.',
    timeout: 'The server did not answer. Try again.',
    closed: 'You have left.',
    dropped: 'Discarded.',
    other_person: 'Written under another name. Send it again if it is still meant.',
  } satisfies Record<TeahouseError['code'], string> as Record<TeahouseError['code'], string>,
};

/** The words of one language. */
export type Messages = typeof en;
