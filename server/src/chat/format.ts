import type { Entry } from '../store/port.ts';

/**
 * How a front end writes entries. Each entry is encoded once per slot and
 * packed once per batch, however many receivers there are.
 */
export interface Format {
  /** Formats that encode alike share a slot: the place of the encoding in an item's cache. */
  readonly slot: FormatSlot;
  /** The entry in the protocol's words; empty where the protocol shows nothing. */
  encode(room: string, entry: Entry): string;
  /** Several encoded entries as bytes for the wire. */
  pack(messages: readonly string[]): Uint8Array;
}

/** One place for each encoding that exists. */
export const FORMAT_SLOTS = { native: 0, rsaLine: 1, loginByte: 2 } as const;
export type FormatSlot = (typeof FORMAT_SLOTS)[keyof typeof FORMAT_SLOTS];

/** An entry with its encodings. Erasing replaces the entry and forgets them. */
export interface Item {
  entry: Entry;
  readonly encoded: (string | undefined)[];
}

export function createItem(entry: Entry): Item {
  return { entry, encoded: [undefined, undefined, undefined] };
}

/** The item's encoding, made at the first call. */
export function encodeItem(format: Format, room: string, item: Item): string {
  let encoded = item.encoded[format.slot];
  if (encoded === undefined) {
    encoded = format.encode(room, item.entry);
    item.encoded[format.slot] = encoded;
  }
  return encoded;
}

/** Encodes and packs, leaving out what the protocol does not show. */
export function packItems(format: Format, room: string, items: readonly Item[]): Uint8Array {
  const messages: string[] = [];
  for (const item of items) {
    const encoded = encodeItem(format, room, item);
    if (encoded !== '') messages.push(encoded);
  }
  return format.pack(messages);
}

/** What one turn brought to one room, in seq order. */
export interface Batch {
  readonly room: string;
  readonly items: readonly Item[];
  /** The whole batch in a format, packed at the first call and shared by all receivers. */
  bytes(format: Format): Uint8Array;
}

export function createBatch(room: string, items: readonly Item[]): Batch {
  const packed = new Map<Format, Uint8Array>();
  return {
    room,
    items,
    bytes(format) {
      let bytes = packed.get(format);
      if (bytes === undefined) {
        bytes = packItems(format, room, items);
        packed.set(format, bytes);
      }
      return bytes;
    },
  };
}
