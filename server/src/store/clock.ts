/** Time as a store needs it, handed in so that a simulation can own it. */
export interface StoreClock {
  /** Milliseconds since 1970, UTC. It may jump, back as well. */
  readonly now: () => number;
  /** Runs once after this many milliseconds; the answer takes it back. */
  readonly after: (ms: number, run: () => void) => () => void;
}

/** The machine's clock. Its timers do not keep a process alive. */
export const systemClock: StoreClock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
};
