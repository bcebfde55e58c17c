import type { ClassicOptions } from './options.ts';

/** Waits until nothing has come for a while. */
export interface Quiet {
  /** Something has come: from now on so long (ms). */
  wait(ms: number): void;
  cancel(): void;
}

/** Runs `task` when a wait is over. What came while the process was busy, and lies in the socket still, is no quiet: it is read first. */
export function createQuiet(
  { setTimer, endOfTurn }: Pick<ClassicOptions, 'setTimer' | 'endOfTurn'>,
  task: () => void,
): Quiet {
  let waits = 0;
  let cancelTimer: (() => void) | null = null;
  const cancel = (): void => {
    waits += 1;
    cancelTimer?.();
    cancelTimer = null;
  };
  return {
    cancel,
    wait(ms) {
      cancel();
      const own = waits;
      cancelTimer = setTimer(() => endOfTurn(() => waits === own && task()), ms);
    },
  };
}
