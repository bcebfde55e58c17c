import type { Entry } from '../store/port.ts';
import { createItem, type Item } from './format.ts';

/** The latest entries of a room, in memory, with their encodings: what replays are served from. */
export interface Ring {
  /** Seq of the oldest entry held; `next` when empty. */
  readonly first: number;
  /** Whether older entries would weigh too much. */
  readonly full: boolean;
  /** Appends the next entry. */
  push(item: Item): void;
  /** Lets go of the oldest where there are too many. To be called when all are shown: a replay ends with what is shown. */
  trim(): void;
  /** Puts older entries in front; those that do not join on seamlessly, or weigh too much, are left out. */
  prepend(entries: readonly Entry[]): void;
  /** Entries `from` to `to`, both held. */
  slice(from: number, to: number): Item[];
  /** Replaces a message and its edits by their erased forms. */
  erase(seq: number): void;
}

/** Characters up to which a text's weight is guessed, high: that is done for every entry. */
const GUESSED = 256;

/** What an entry weighs at most, in bytes on the wire, roughly: its text as JSON in UTF-8, and the frame around it. */
export function weigh(entry: Entry): number {
  const text = entry.kind === 'message' || entry.kind === 'edit' ? (entry.text ?? '') : '';
  return 220 + (text.length <= GUESSED ? text.length * 3 : Buffer.byteLength(JSON.stringify(text)));
}

/** A ring of at most `maxEntries` and `maxBytes`; `next` is the seq of the entry that will be pushed first. */
export function createRing(next: number, maxEntries: number, maxBytes: number): Ring {
  let items: Item[] = [];
  let first = next;
  let bytes = 0;

  /** With some slack, so that the array is not moved at every turn. */
  const trim = (): void => {
    if (items.length <= maxEntries * 1.25 && bytes <= maxBytes * 1.25) return;
    let cut = 0;
    while (items.length - cut > maxEntries || (bytes > maxBytes && items.length - cut > 1)) {
      const item = items[cut];
      if (item !== undefined) bytes -= weigh(item.entry);
      cut += 1;
    }
    items = items.slice(cut);
    first += cut;
  };

  return {
    get first() {
      return first;
    },
    get full() {
      return bytes >= maxBytes;
    },
    push(item) {
      items.push(item);
      bytes += weigh(item.entry);
    },
    trim,
    prepend(entries) {
      const older: Item[] = [];
      let at = first;
      for (let index = entries.length - 1; index >= 0; index -= 1) {
        const entry = entries[index];
        if (entry === undefined || entry.seq >= at) continue;
        if (entry.seq !== at - 1 || bytes >= maxBytes) break;
        older.push(createItem(entry));
        bytes += weigh(entry);
        at = entry.seq;
      }
      items = [...older.reverse(), ...items];
      first = at;
    },
    slice(from, to) {
      return items.slice(from - first, to + 1 - first);
    },
    erase(seq) {
      for (let index = Math.max(0, seq - first); index < items.length; index += 1) {
        const item = items[index];
        if (item === undefined) continue;
        const { entry } = item;
        const isTarget = entry.kind === 'message' && entry.seq === seq;
        if (!isTarget && !(entry.kind === 'edit' && entry.of === seq)) continue;
        bytes -= weigh(entry);
        item.entry = { ...entry, text: null };
        item.encoded.fill(undefined);
        bytes += weigh(item.entry);
      }
    },
  };
}
