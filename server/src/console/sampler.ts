/** When, in milliseconds, and how to be called later; handed in so that tests need not wait. */
export interface JournalClock {
  readonly now: () => number;
  /** Calls once after so many milliseconds; never keeps the process alive. */
  readonly later: (call: () => void, milliseconds: number) => void;
}

/** Length of a window in milliseconds. */
const WINDOW = 1000;

/**
 * Lets through at most `most` events of a kind in a second. What it keeps back
 * is counted, and told through `tell` when the second is over. A flood then
 * costs the log a bounded number of lines, and nothing is left out unsaid.
 */
export function createSampler(
  clock: JournalClock,
  most: number,
  tell: (kind: string, leftOut: number) => void,
): { readonly passes: (kind: string) => boolean } {
  const windows = new Map<string, { start: number; passed: number; leftOut: number }>();
  const close = (kind: string) => {
    const window = windows.get(kind);
    windows.delete(kind);
    if (window && window.leftOut > 0) tell(kind, window.leftOut);
  };
  return {
    passes(kind) {
      const now = clock.now();
      let window = windows.get(kind);
      if (window && window.leftOut === 0 && (now - window.start >= WINDOW || now < window.start)) {
        windows.delete(kind);
        window = undefined;
      }
      if (!window) windows.set(kind, (window = { start: now, passed: 0, leftOut: 0 }));
      if (window.passed < most) {
        window.passed += 1;
        return true;
      }
      window.leftOut += 1;
      if (window.leftOut === 1)
        clock.later(() => close(kind), Math.min(WINDOW, Math.max(0, window.start + WINDOW - now)));
      return false;
    },
  };
}
