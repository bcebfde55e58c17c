import { addressKey, type TimesOf } from './addresses.ts';
import { createKeyedBuckets } from './keyed-buckets.ts';
import type { Rate } from './token-bucket.ts';

/** Why a connection is not let in. */
export type Refusal = 'too_many' | 'too_fast';

export interface Admission {
  /** Counts a connection in, or says why not. What was let in is given back with `release`. */
  admit(plain: string): Refusal | null;
  release(plain: string): void;
}

/** How many connections one address may have at once and open over time, on all listeners together. */
export function createAdmission(options: {
  readonly atOnce: number;
  readonly rate: Rate;
  readonly timesOf: TimesOf;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}): Admission {
  const open = new Map<string, number>();
  const buckets = createKeyedBuckets(options.rate);
  return {
    admit(plain) {
      const times = options.timesOf(plain);
      if (times === Infinity) return null;
      const key = addressKey(plain);
      const count = open.get(key) ?? 0;
      if (count >= options.atOnce * times) return 'too_many';
      if (buckets.take(key, options.now(), times) > 0) return 'too_fast';
      open.set(key, count + 1);
      return null;
    },
    release(plain) {
      if (options.timesOf(plain) === Infinity) return;
      const key = addressKey(plain);
      const count = (open.get(key) ?? 0) - 1;
      if (count > 0) open.set(key, count);
      else open.delete(key);
    },
  };
}
