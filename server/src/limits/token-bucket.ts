/**
 * Rates and address classes. This folder knows nothing of the house: who is
 * limited, and what happens then, is decided where it is used.
 */

/** `perSecond` tokens come back each second, up to `burst`. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** A rate that limits nothing. */
export const UNLIMITED: Rate = { perSecond: Infinity, burst: Infinity };

export interface TokenBucket {
  /** Takes one token and answers 0, or takes none and answers the milliseconds until there is one. */
  take(now: number): number;
  /** Whether the bucket is as full as one never used, so that it may be forgotten. */
  isFull(now: number): boolean;
}

/** A token bucket, full at first. Times are in milliseconds; a clock set back adds nothing. */
export function createTokenBucket(rate: Rate): TokenBucket {
  let tokens = rate.burst;
  let filledAt = 0;
  const fill = (now: number): void => {
    if (now > filledAt) {
      if (filledAt > 0) tokens = Math.min(rate.burst, tokens + ((now - filledAt) / 1000) * rate.perSecond);
    }
    filledAt = now;
  };
  return {
    take(now) {
      if (rate.burst === Infinity) return 0;
      fill(now);
      if (tokens >= 1) {
        tokens -= 1;
        return 0;
      }
      return Math.max(1, Math.ceil(((1 - tokens) / rate.perSecond) * 1000));
    },
    isFull(now) {
      if (rate.burst === Infinity) return true;
      fill(now);
      return tokens >= rate.burst;
    },
  };
}
