import { randomFillSync } from 'node:crypto';

/** Bytes fetched from the system at a time: one call costs as much as a hundred logins' worth of bytes. */
const POOL_BYTES = 4_096;

/** Fresh random bytes of the system's generator, each given out once and wiped from the pool. */
export function createRandomBytes(): (size: number) => Uint8Array {
  const pool = new Uint8Array(POOL_BYTES);
  let at = POOL_BYTES;
  return (size) => {
    if (size > POOL_BYTES) return randomFillSync(new Uint8Array(size));
    if (at + size > POOL_BYTES) {
      randomFillSync(pool);
      at = 0;
    }
    const bytes = pool.slice(at, at + size);
    pool.fill(0, at, at + size);
    at += size;
    return bytes;
  };
}
