import type { WireEntry } from '@teahouse/protocol';

/** An entry as it is shown: edits and deletions are not rows of their own, they change the message they are about. */
export type ShownEntry = Exclude<WireEntry, { type: 'edit' | 'delete' }>;
export type ShownMessage = Extract<ShownEntry, { type: 'message' }>;

type Change = Extract<WireEntry, { type: 'edit' | 'delete' }>;

/**
 * The entries of a room that are here, in order of `seq`: they grow at the end
 * by what comes live, and at the start by pages of history.
 */
export type Entries = {
  list: () => readonly ShownEntry[];
  /** Takes what comes live. Returns the message that it changed, if it changed one that is here. */
  append: (entry: WireEntry) => ShownMessage | undefined;
  /** Puts a page in front; `asOf` is the seq up to which the server had folded it. Returns what of it is new. */
  prepend: (page: readonly WireEntry[], asOf: number) => readonly ShownEntry[];
  clear: () => void;
};

function applyTo(message: ShownMessage, change: Change): ShownMessage {
  const { text: _gone, ...rest } = message;
  if (change.type === 'delete' || change.deleted || change.text === undefined)
    return { ...rest, deleted: true };
  return { ...rest, text: change.text, edited: change.time };
}

/** Whether an entry has a row of its own. */
export const isShown = (entry: WireEntry): entry is ShownEntry =>
  entry.type !== 'edit' && entry.type !== 'delete';

export function createEntries(): Entries {
  let entries: ShownEntry[] = [];
  /** The last change of each message, kept for pages that were folded before it came. */
  let changes = new Map<number, Change>();

  function indexOf(seq: number): number {
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((entries[middle]?.seq ?? Infinity) < seq) low = middle + 1;
      else high = middle;
    }
    return entries[low]?.seq === seq ? low : -1;
  }

  return {
    list: () => entries,
    append(entry) {
      if (isShown(entry)) {
        entries.push(entry);
        return undefined;
      }
      // A deletion is final, whatever order changes are heard in.
      if (changes.get(entry.of)?.type !== 'delete') changes.set(entry.of, entry);
      const at = indexOf(entry.of);
      const message = entries[at];
      if (message?.type !== 'message' || message.deleted) return undefined;
      return (entries[at] = applyTo(message, entry));
    },
    prepend(page, asOf) {
      const first = entries[0]?.seq ?? Infinity;
      const older = page.filter(isShown).filter((entry) => entry.seq < first);
      const mended = older.map((entry) => {
        const change = changes.get(entry.seq);
        return change !== undefined && change.seq > asOf && entry.type === 'message'
          ? applyTo(entry, change)
          : entry;
      });
      entries = mended.concat(entries);
      return mended;
    },
    clear() {
      entries = [];
      changes = new Map();
    },
  };
}
