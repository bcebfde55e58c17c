import { FORMAT_SLOTS, type Entry, type Format } from '../../chat/index.ts';
import { makeVisible, splitLines } from '../../transport/visible.ts';
import type { LineClock } from './line-clock.ts';

/** What the server writes when it is ready for the next line. */
export const PROMPT = '\n>> ';

/**
 * Characters up to which the lines of one text get a prefix each. Past it the
 * rest stands in one line with its line ends as `\n`, for 16,000 empty lines
 * would be two million characters to everybody in the room.
 */
const EXPANDED = 65_536;

export interface Words {
  /** Live lines: each after a line end, and a prompt behind the batch. */
  readonly live: Format;
  /** An entry as it is shown in the history: each line before a line end. */
  row(entry: Entry): string;
  /** Something of the server's own, live. Nobody can be called `server`. */
  notice(time: number, text: string): string;
}

/** The text as lines, each behind the prefix, so that none can pass for another line of the protocol. */
function prefixLines(prefix: string, text: string): string[] {
  const lines = splitLines(text).map(makeVisible);
  const most = Math.max(1, Math.floor((EXPANDED - text.length) / prefix.length));
  if (lines.length > most) lines.push(lines.splice(most - 1).join('\\n'));
  return lines.map((line) => prefix + line);
}

export function createWords(clock: LineClock): Words {
  const said = (entry: Entry, text: string, mark = ''): string[] =>
    prefixLines(`${clock(entry.time)} ${entry.from.nick}:${mark}`, text);
  const told = (entry: Entry, nick: string, what: string): string[] => [
    `[!] ${clock(entry.time)} ${nick}:${what}`,
  ];
  const takenBack = (entry: Entry): string[] => told(entry, entry.from.nick, 'has taken back a message');

  const linesOf = (entry: Entry): string[] => {
    const { nick } = entry.from;
    switch (entry.kind) {
      case 'message':
        return entry.text === null ? [] : said(entry, entry.text);
      case 'edit':
        return entry.text === null ? [] : said(entry, entry.text, '* ');
      case 'delete':
        return takenBack(entry);
      case 'enter':
        return told(entry, nick, 'has entered!');
      case 'leave':
        return told(entry, nick, 'has left!');
      case 'nick':
        return told(entry, nick, `is now ${entry.nick}!`);
      case 'topic':
        return told(entry, nick, `has set the topic: ${makeVisible(entry.topic)}`);
      case 'moderation':
        return told(entry, entry.target.nick, 'has been put out!');
      default:
        return entry satisfies never;
    }
  };

  return {
    live: {
      slot: FORMAT_SLOTS.rsaLine,
      encode: (_room, entry) =>
        linesOf(entry)
          .map((line) => `\n${line}`)
          .join(''),
      pack: (messages) => Buffer.from(messages.length === 0 ? '' : messages.join('') + PROMPT),
    },
    row: (entry) =>
      (entry.kind === 'message' && entry.text === null ? takenBack(entry) : linesOf(entry))
        .map((line) => `${line}\n`)
        .join(''),
    notice: (time, text) => `\n[!] ${clock(time)} server:${text}`,
  };
}
