import type { Entry, Outcome } from '../store/port.ts';

/** Whether a room's log may hold entries that nobody was told of: an append that failed has perhaps been written. */
export interface Doubt {
  /** An append was handed to the store. */
  begin(): void;
  /** It settled so. */
  settle(outcome: Outcome): void;
  /** Looks into the log if there is a doubt. False if there still is one; rejects if the store is away. */
  dispel(): Promise<boolean>;
}

export interface DoubtOptions {
  /** The last seq known without a gap before it. */
  readonly head: () => number;
  /** The entries after `head`, some of them at least. */
  readonly readOn: () => Promise<readonly Entry[]>;
  readonly offer: (entry: Entry) => void;
}

/**
 * Finds out, after a failed append, what the log really has. Entries that are
 * under way are never taken from the log: their sender's answer must leave
 * before them, so while there are any their own end tells.
 */
export function createDoubt(options: DoubtOptions): Doubt {
  let open = false;
  let underWay = 0;
  let begun = 0;
  let looking: Promise<void> | null = null;

  const look = async (): Promise<void> => {
    while (open && underWay === 0) {
      const before = begun;
      const entries = await options.readOn();
      if (begun !== before) continue;
      for (const entry of entries) options.offer(entry);
      if (entries.length === 0) open = false;
    }
  };
  const lookOnce = (): Promise<void> => {
    looking ??= look().finally(() => {
      looking = null;
    });
    return looking;
  };

  return {
    begin() {
      underWay += 1;
      begun += 1;
    },
    settle(outcome) {
      underWay -= 1;
      if (!outcome.ok && outcome.why === 'unavailable') open = true;
      if (!open) return;
      // Entries settle in order, so once a new one is known whatever came before it is.
      if (outcome.ok && !outcome.repeated && options.head() >= outcome.seq) open = false;
      // While the store is away there is nothing to look at; the next append, join or leave looks again.
      else if (underWay === 0) lookOnce().catch(() => undefined);
    },
    async dispel() {
      if (open && underWay === 0) await lookOnce();
      return !open;
    },
  };
}
