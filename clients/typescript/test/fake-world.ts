import type { World } from '../src/index.ts';

/** A world whose time only moves when it is told to, and whose chance is always the same. */
export function createFakeWorld(random = 0.5) {
  let now = 1_000_000;
  let keys = 0;
  let timers: { at: number; run: () => void }[] = [];

  const world: World = {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    random: () => random,
    newKey: () => `key-${++keys}`,
  };

  /** Lets time pass, running what falls due in its order. */
  function pass(ms: number): void {
    const end = now + ms;
    for (;;) {
      const next = timers.toSorted((a, b) => a.at - b.at)[0];
      if (!next || next.at > end) break;
      timers = timers.filter((other) => other !== next);
      now = next.at;
      next.run();
    }
    now = end;
  }

  return { world, pass, pending: () => timers.length };
}
