import { sendMessage, type Failure } from '../../chat/index.ts';
import type { ClassicOptions } from './options.ts';
import type { Guest } from './guest.ts';

/** How long to wait before what could not be stored is tried again, in ms. */
const RETRY_MS = 1_000;

export interface Speaker {
  /** Waits for the rate of requests, which also what is empty has; false where the connection is over by then. */
  admit(): Promise<boolean>;
  /**
   * Says a text in the room. Past the rate it waits, and where the log cannot
   * be written it tries again until it can, so that nothing is lost; null when
   * it is said, or why it never will be.
   */
  say(text: string): Promise<Failure | null>;
  /** Waits so long (ms), or until the connection is over; false then. */
  pause(ms: number): Promise<boolean>;
}

/** `onTrouble` is called, once a text, when the log cannot be written. */
export function createSpeaker(
  options: ClassicOptions,
  guest: Guest,
  room: string,
  onTrouble: () => void,
): Speaker {
  let texts = 0;
  const pause = async (ms: number): Promise<boolean> => {
    await new Promise<void>((resolve) => options.setTimer(resolve, ms));
    return !guest.ended;
  };
  /** One attempt. The key makes another one harmless where the first was stored after all. */
  const attempt = (text: string, key: string): Promise<Failure | null> =>
    new Promise((resolve) => {
      sendMessage(options.core, guest.connection, { room, text, key }, (result) =>
        resolve(result.ok ? null : result),
      );
    });

  return {
    pause,
    async admit() {
      const { core } = options;
      for (;;) {
        const wait = guest.connection.person?.rates.requests.take(core.options.now()) ?? 0;
        if (wait === 0) return true;
        if (!(await pause(wait))) return false;
      }
    },
    async say(text) {
      texts += 1;
      let told = false;
      for (;;) {
        const failure = await attempt(text, String(texts));
        if (failure === null) return null;
        if (failure.code === 'store_unavailable') {
          if (!told) onTrouble();
          told = true;
        } else if (failure.code !== 'rate_limited') return failure;
        if (!(await pause(failure.retryAfter ?? RETRY_MS))) return failure;
      }
    },
  };
}
