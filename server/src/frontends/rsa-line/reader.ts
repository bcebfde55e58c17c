import { packItems, type Batch, type Connection, type Format, type Item } from '../../chat/index.ts';
import type { Outbox } from '../../transport/index.ts';

/** The live lines of one connection. While it is shown the past they are held, within a bound, and follow behind it. */
export interface Reader {
  deliver(batch: Batch, connection: Connection): void;
  /** Holds what comes from now on. */
  hold(): void;
  /** Writes what was held, with its prompt; false if that was nothing. */
  release(): boolean;
}

/** What a held entry weighs besides its text, in bytes, roughly. */
const ENTRY_BYTES = 160;

function weigh({ entry }: Item): number {
  const text = entry.kind === 'message' || entry.kind === 'edit' ? (entry.text?.length ?? 0) : 0;
  return text + ENTRY_BYTES;
}

/** `overflow` is called when more than `limit` bytes would be held: the connection is to be closed. */
export function createReader(options: {
  readonly live: Format;
  readonly outbox: Outbox;
  readonly limit: number;
  readonly overflow: () => void;
}): Reader {
  const { live, outbox } = options;
  let held: Item[] | null = null;
  let heldBytes = 0;
  let room = '';

  const holdBack = (into: Item[], items: readonly Item[]): void => {
    for (const item of items) {
      into.push(item);
      heldBytes += weigh(item);
    }
    if (heldBytes > options.limit) options.overflow();
  };
  return {
    deliver(batch, { person }) {
      ({ room } = batch);
      const isOwn = (item: Item): boolean => item.entry.from.id === person?.id;
      const items = batch.items.some(isOwn) ? batch.items.filter((item) => !isOwn(item)) : batch.items;
      if (items.length === 0) return;
      if (held !== null) return holdBack(held, items);
      outbox.share(items === batch.items ? batch.bytes(live) : packItems(live, room, items));
    },
    hold() {
      held = [];
      heldBytes = 0;
    },
    release() {
      const items = held ?? [];
      held = null;
      if (items.length === 0) return false;
      const bytes = packItems(live, room, items);
      outbox.share(bytes);
      return bytes.length > 0;
    },
  };
}
