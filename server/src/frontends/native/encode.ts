import { FORMAT_SLOTS, type Entry, type FoldedEntry, type Format } from '../../chat/index.ts';
import { packFrames } from './frames.ts';

let lastTime = 0;
let lastTimeText = new Date(0).toISOString();

/** RFC 3339, UTC, milliseconds; entries of one batch share the time, so the last one is kept. */
export function formatTime(time: number): string {
  if (time !== lastTime) {
    lastTime = time;
    lastTimeText = new Date(time).toISOString();
  }
  return lastTimeText;
}

/** The fields of an entry that its kind decides, as JSON that begins with a comma or is empty. */
function encodeBody(entry: Entry): string {
  switch (entry.kind) {
    case 'message': {
      const key = entry.key === null ? '' : `,"key":${JSON.stringify(entry.key)}`;
      return entry.text === null ? `${key},"deleted":true` : `,"text":${JSON.stringify(entry.text)}${key}`;
    }
    case 'edit':
      return entry.text === null
        ? `,"of":${entry.of},"deleted":true`
        : `,"of":${entry.of},"text":${JSON.stringify(entry.text)}`;
    case 'delete':
      return `,"of":${entry.of}`;
    case 'topic':
      return `,"topic":${JSON.stringify(entry.topic)}`;
    case 'nick':
      return `,"nick":${JSON.stringify(entry.nick)}`;
    case 'enter':
      return '';
    case 'leave':
      return entry.reason === null ? '' : `,"reason":${JSON.stringify(entry.reason)}`;
    case 'moderation': {
      const { id, nick } = entry.target;
      const reason = entry.reason === null ? '' : `,"reason":${JSON.stringify(entry.reason)}`;
      return `,"action":"${entry.action}","target":${JSON.stringify({ id, nick })}${reason}`;
    }
    default:
      return entry satisfies never;
  }
}

/** An entry as JSON. Written out by hand: this is done once for every entry, and object building costs three times as much. */
export function encodeEntry(room: string, entry: Entry): string {
  const from = `{"id":${JSON.stringify(entry.from.id)},"nick":${JSON.stringify(entry.from.nick)}}`;
  return `{"type":"${entry.kind}","room":${JSON.stringify(room)},"seq":${entry.seq},"time":"${formatTime(entry.time)}","from":${from}${encodeBody(entry)}}`;
}

/** A row of history: the entry as it stands now. */
export function encodeFolded(room: string, entry: FoldedEntry): string {
  const encoded = encodeEntry(room, entry);
  return entry.edited === null ? encoded : `${encoded.slice(0, -1)},"edited":"${formatTime(entry.edited)}"}`;
}

/** One object per line: the native protocol on TCP. */
export const LINE_FORMAT: Format = {
  slot: FORMAT_SLOTS.native,
  encode: encodeEntry,
  pack: (messages) => Buffer.from(`${messages.join('\n')}\n`, 'utf8'),
};

/** One object per text frame: the native protocol on WebSocket. */
export const FRAME_FORMAT: Format = {
  slot: FORMAT_SLOTS.native,
  encode: encodeEntry,
  pack: packFrames,
};
