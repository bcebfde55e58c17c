import type { World } from './types.ts';

/** The line whose life is felt. */
export interface Patient {
  /** When it was last heard, in milliseconds. */
  heard(): number;
  ping(ok: () => void, failed: () => void): void;
  /** No sign of life: the line is to be given up. */
  dead(): void;
}

const ANSWER = 3_000;
const SILENCE = 45_000;

/** Finds out whether a line that looks open is alive: when asked, and by itself after 45 s of silence. One for each line; `stop` when it is gone. */
export function createPulse(world: World, patient: Patient) {
  let running: Promise<boolean> | undefined;
  let finish = (_alive: boolean) => {};
  let cancelWatch = world.after(SILENCE, watch);

  function watch(): void {
    const quiet = world.now() - patient.heard();
    cancelWatch = world.after(quiet < SILENCE ? SILENCE - quiet : SILENCE, watch);
    if (quiet >= SILENCE) void check();
  }

  /** True if the line answers within 3 s. */
  function check(): Promise<boolean> {
    running ??= new Promise((resolve) => {
      const since = patient.heard();
      const cancel = world.after(ANSWER, () => {
        // A long replay may stand before the answer: whatever was heard meanwhile is life.
        const alive = patient.heard() > since;
        finish(alive);
        if (!alive) patient.dead();
      });
      finish = (alive) => {
        cancel();
        running = undefined;
        resolve(alive);
      };
      patient.ping(
        () => finish(true),
        () => finish(false),
      );
    });
    return running;
  }

  function stop(): void {
    cancelWatch();
    finish(false);
  }

  return { check, stop };
}
