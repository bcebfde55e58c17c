/** Keeps the senders' windows full for a while. */
import type { Gathering } from './gathering.ts';

/** Sends with `window` messages per sender under way for so many seconds; settles when the time is over and all is there, with the seconds it took in all. */
export async function pump(
  gathering: Gathering,
  window: number,
  seconds: number,
): Promise<{ readonly messages: number; readonly seconds: number }> {
  const begin = performance.now();
  const until = begin + seconds * 1000;
  const before = gathering.sent();
  for (const sender of gathering.senders) {
    sender.onAnswers = (count) => {
      if (performance.now() < until) sender.send(count);
    };
    sender.send(window);
  }
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  await gathering.settle();
  return { messages: gathering.sent() - before, seconds: (performance.now() - begin) / 1000 };
}
