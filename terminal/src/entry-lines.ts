import type { WireEntry } from '@teahouse/protocol';
import type { Colours } from './colours.ts';
import { makeVisible, visibleLines } from './visible.ts';

const two = (number: number) => String(number).padStart(2, '0');

/** The local time of day, `HH:MM`. */
export function clockTime(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '--:--' : `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The local day, `YYYY-MM-DD`. */
export function localDay(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime())
    ? ''
    : `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** What an entry says, as `[what stands before each line, text]`. */
function words(entry: WireEntry, { name }: Colours): [string, string] {
  const who = name(makeVisible(entry.from.nick));
  switch (entry.type) {
    case 'message':
      if (entry.deleted) return [`* ${who} `, 'took this message back'];
      return [`${who}: `, `${entry.text ?? ''}${entry.edited === undefined ? '' : ' (edited)'}`];
    case 'edit':
      return entry.deleted
        ? [`* ${who} `, 'took a change back']
        : [`* ${who} changed a message: `, entry.text ?? ''];
    case 'delete':
      return [`* ${who} `, 'took a message back'];
    case 'topic':
      return entry.topic === ''
        ? [`* ${who} `, 'took the topic away']
        : [`* ${who} set the topic: `, entry.topic];
    case 'nick':
      return [`* ${who} is now ${name(makeVisible(entry.nick))}`, ''];
    case 'enter':
      return [`* ${who} `, 'came in'];
    case 'leave':
      return [`* ${who} `, 'left'];
    case 'moderation':
      return [`* ${name(makeVisible(entry.target.nick))} was put out by ${who}`, ''];
    default:
      return entry satisfies never;
  }
}

/**
 * An entry as lines for a terminal. Each carries the time and who said it, so
 * that no text can look like a line of somebody else.
 */
export function entryLines(entry: WireEntry, colours: Colours): string[] {
  const [before, text] = words(entry, colours);
  const time = colours.muted(clockTime(entry.time));
  return visibleLines(text).map((line) => `${time} ${before}${line}`);
}
