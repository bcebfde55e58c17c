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
  const bucket: FilledBucket = { rate, tokens: rate.burst, filledAt: 0, take, isFull };
  return bucket;
}

/** What a bucket is inside. Its functions are shared: there are eight buckets to a person, and functions of their own would be 2 KB. */
interface FilledBucket extends TokenBucket {
  readonly rate: Rate;
  tokens: number;
  filledAt: number;
}

function take(this: FilledBucket, now: number): number {
  const { rate } = this;
  if (rate.burst === Infinity) return 0;
  fill(this, now);
  if (this.tokens >= 1) {
    this.tokens -= 1;
    return 0;
  }
  return Math.max(1, Math.ceil(((1 - this.tokens) / rate.perSecond) * 1000));
}

function isFull(this: FilledBucket, now: number): boolean {
  const { rate } = this;
  if (rate.burst === Infinity) return true;
  fill(this, now);
  return this.tokens >= rate.burst;
}

function fill(bucket: FilledBucket, now: number): void {
  const { rate, tokens, filledAt } = bucket;
  if (now > filledAt && filledAt > 0) {
    bucket.tokens = Math.min(rate.burst, tokens + ((now - filledAt) / 1000) * rate.perSecond);
  }
  bucket.filledAt = now;
}
