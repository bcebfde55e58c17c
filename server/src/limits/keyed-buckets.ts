import { createTokenBucket, type Rate, type TokenBucket } from './token-bucket.ts';

export interface KeyedBuckets {
  /** As `TokenBucket.take`, for one key; `times` multiplies the rate of keys that deserve more. */
  take(key: string, now: number, times?: number): number;
}

/** Keys are forgotten, when their buckets are full again, each time this many have gathered. */
const SWEEP_AT = 1_024;

/** One bucket a key, such as an address; memory is bounded by the keys in use lately. */
export function createKeyedBuckets(rate: Rate): KeyedBuckets {
  const buckets = new Map<string, TokenBucket>();
  let sweepAt = SWEEP_AT;
  return {
    take(key, now, times = 1) {
      let bucket = buckets.get(key);
      if (bucket === undefined) {
        if (buckets.size >= sweepAt) {
          for (const [each, old] of buckets) if (old.isFull(now)) buckets.delete(each);
          sweepAt = Math.max(SWEEP_AT, buckets.size * 2);
        }
        bucket = createTokenBucket({ perSecond: rate.perSecond * times, burst: rate.burst * times });
        buckets.set(key, bucket);
      }
      return bucket.take(now);
    },
  };
}
