import type { Client, TeahouseError } from '@teahouse/client';
import { makeVisible } from './visible.ts';

/**
 * Sends lines to a room and keeps count. A refused line is told and dropped,
 * so that one bad line does not hold the rest.
 */
export function createDelivery(client: Client, room: string, complain: (sentence: string) => void) {
  let refused = 0;
  let stopped: TeahouseError | undefined;
  let wake = (_moved: boolean) => {};

  client.on('outbox', ({ unsent }) => {
    wake(true);
    const [first] = unsent;
    if (first?.state.is !== 'failed') return;
    refused += 1;
    complain(`Not sent: “${makeVisible(first.text.slice(0, 40))}”. ${makeVisible(first.state.why.message)}`);
    client.drop(first.key);
  });
  const ended = new Promise<void>((resolve) => {
    client.on('state', (state) => {
      wake(true);
      if (state.is !== 'stopped') return;
      stopped = state.why;
      resolve();
    });
  });
  const waiting = () => client.unsent(room).filter(({ state }) => state.is !== 'sent').length;

  function nextMove(patience: number | undefined): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = patience === undefined ? undefined : setTimeout(() => resolve(false), patience);
      wake = (moved) => {
        clearTimeout(timer);
        resolve(moved);
      };
    });
  }

  return {
    send: (text: string) => void client.send(room, text),
    /** Until no more than `most` lines wait, or nothing moved for `patience` ms. */
    async drain(most: number, patience?: number): Promise<void> {
      while (waiting() > most && !stopped && (await nextMove(patience)));
    },
    /** Fulfilled when the client gave up. */
    ended,
    /** Why it gave up, if it did. */
    stopped: () => stopped,
    /** Lines that are not stored. */
    lost: () => waiting() + refused,
  };
}
