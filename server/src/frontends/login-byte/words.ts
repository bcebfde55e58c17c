import { FORMAT_SLOTS, type Entry, type Format } from '../../chat/index.ts';
import { makeVisible, splitLines } from '../../transport/visible.ts';
import { BETWEEN_PIECES, cutPieces } from './pieces.ts';

/** In whose name the server speaks: nobody can be called so. */
const SERVER = '*';

/** Something of the server's own. */
export function notice(text: string): string {
  return cutPieces(SERVER, text).join(BETWEEN_PIECES);
}

function said(name: string, text: string): string {
  return cutPieces(name, splitLines(text).map(makeVisible).join('\n')).join(BETWEEN_PIECES);
}

function encode(_room: string, entry: Entry): string {
  const { nick } = entry.from;
  switch (entry.kind) {
    case 'message':
      return entry.text === null ? '' : said(nick, entry.text);
    case 'edit':
      return entry.text === null ? '' : said(nick, `* ${entry.text}`);
    case 'delete':
      return notice(`${nick} has taken back a message`);
    case 'enter':
      return notice(`${nick} has entered`);
    case 'leave':
      return notice(`${nick} has left`);
    case 'nick':
      return notice(`${nick} is now ${entry.nick}`);
    case 'topic':
      return notice(`${nick} has set the topic: ${makeVisible(entry.topic)}`);
    case 'moderation':
      return notice(`${entry.target.nick} has been put out`);
    default:
      return entry satisfies never;
  }
}

/** An entry as its pieces. Each goes by itself, so nothing is packed for many; see `createPacedWriter`. */
export const PIECES: Format = {
  slot: FORMAT_SLOTS.loginByte,
  encode,
  pack: (messages) => Buffer.from(messages.join(BETWEEN_PIECES)),
};
