import type { World } from './types.ts';

const INTERVAL = 3_000;

/**
 * Lets "is writing" out at most once in 3 s, whatever the room, as the server
 * allows. What is said meanwhile is repeated or forgotten: only that somebody
 * stopped is worth a late word.
 */
export function createTyping(world: World, tell: (room: string, on: boolean) => void) {
  let last = Number.NEGATIVE_INFINITY;
  let shown: string | undefined;
  let cancel = () => {};

  function say(room: string, on: boolean): void {
    last = world.now();
    shown = on ? room : undefined;
    tell(room, on);
  }

  function typing(room: string, on = true): void {
    cancel();
    const wait = last + INTERVAL - world.now();
    if (!on && shown !== room) return;
    if (wait <= 0) say(room, on);
    else if (!on) cancel = world.after(wait, () => say(room, false));
  }

  function stop(): void {
    cancel();
    shown = undefined;
  }

  return { typing, stop };
}
