import type { Request, RequestType } from '@teahouse/protocol';
import { TeahouseError } from './errors.ts';
import type { World } from './types.ts';
import { failure, readError, type Message } from './wire.ts';

/** A request without its `id`. */
export type Call = { [T in RequestType]: Omit<Extract<Request, { type: T }>, 'id'> }[RequestType];

interface Pending {
  readonly ok: (answer: Message) => void;
  readonly failed: (error: TeahouseError) => void;
  readonly cancel: () => void;
}

const SLOW = 10_000;
const TIMEOUT = 30_000;

/**
 * The requests that wait for an answer. Answers are handed on in the turn in
 * which they come, not by a promise: what follows an answer on the line, such
 * as a replay, must find it already taken in.
 * `slow` is called when an answer is 10 s late; after 30 s it fails with `timeout`.
 */
export function createCalls(world: World, slow: () => void) {
  const pending = new Map<string, Pending>();
  let count = 0;

  /** Sends a request of at most `most` bytes. A longer line would cost the connection, and would again at each retry. */
  function open(
    call: Call,
    most: number,
    send: (line: string) => void,
    ok: Pending['ok'],
    failed: Pending['failed'],
  ): void {
    const id = String(++count);
    const line = JSON.stringify({ ...call, id });
    if (line.length * 3 > most && new TextEncoder().encode(line).length > most) {
      return failed(new TeahouseError('too_long', `The line is longer than ${most} bytes.`));
    }
    let cancel = world.after(SLOW, () => {
      cancel = world.after(TIMEOUT - SLOW, () => {
        pending.delete(id);
        failed(failure('timeout'));
      });
      slow();
    });
    pending.set(id, { ok, failed, cancel: () => cancel() });
    send(line);
  }

  /** Takes an answer to its request; false if the message is none. */
  function answer(message: Message): boolean {
    const { type, id } = message;
    if ((type !== 'ok' && type !== 'error') || typeof id !== 'string') return false;
    const waiting = pending.get(id);
    if (!waiting) return false;
    pending.delete(id);
    waiting.cancel();
    if (type === 'ok') waiting.ok(message);
    else waiting.failed(readError(message));
    return true;
  }

  /** Fails everything that waits. */
  function failAll(error: TeahouseError): void {
    const all = [...pending.values()];
    pending.clear();
    for (const waiting of all) waiting.cancel();
    for (const waiting of all) waiting.failed(error);
  }

  return { open, answer, failAll };
}
