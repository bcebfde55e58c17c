import type { World } from './types.ts';

/** 128 random bits in hexadecimal. `getRandomValues` also exists where there is no secure context. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

/** The clock, the timers and the randomness of the machine. */
export const realWorld: World = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
  newKey,
};

/** A random wait in milliseconds before try number `attempt` (from 0): at most 1 s, then 2, 4 … and never more than `most`. */
export function backOff(world: World, attempt: number, most = 30_000): number {
  return world.random() * Math.min(most, 1000 * 2 ** Math.min(attempt, 10));
}
