/** What a client sent, taken one after the other. */
export interface Inbox<Item> {
  /** Adds what came; reading stops while more waits than is being taken. */
  push(item: Item): void;
  /** Nothing more will come; `whenDone` is called when all that did has been taken. */
  end(whenDone: () => void): void;
  /** Drops what waits. */
  clear(): void;
}

/**
 * Hands items to `take`, the next when the one before has been taken, and
 * stops the reading of the socket meanwhile: what waits here is never more
 * than one chunk of it, and TCP makes the sender wait.
 */
export function createInbox<Item>(options: {
  readonly take: (item: Item) => Promise<void>;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly failed: (error: unknown) => void;
}): Inbox<Item> {
  let waiting: Item[] = [];
  let busy = false;
  let whenDone: (() => void) | null = null;

  const drain = async (): Promise<void> => {
    busy = true;
    while (waiting.length > 0) {
      const items = waiting;
      waiting = [];
      for (const item of items) await options.take(item).catch(options.failed);
    }
    busy = false;
    options.resume();
    whenDone?.();
  };
  return {
    push(item) {
      waiting.push(item);
      if (busy) options.pause();
      else void drain();
    },
    end(done) {
      whenDone = done;
      if (!busy) done();
    },
    clear() {
      waiting = [];
    },
  };
}
