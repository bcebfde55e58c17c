/**
 * A simulated client's connection: lines cut from bytes, answers given to those
 * who asked. It knows the protocol's frame and none of its requests.
 */
import assert from 'node:assert/strict';
import type { Pipe, PipeEvents } from './pipe.ts';

/** Anything the server says. */
export interface Spoken {
  readonly type: string;
  readonly id?: string;
  readonly code?: string;
  readonly [field: string]: unknown;
}

/** Given the answer, or null where the connection ended before one came. */
export type OnAnswer = (answer: Spoken | null) => void;

export interface ClientSession {
  /** Asks; true if the words were handed to a connection that is open. */
  ask(request: { readonly type: string; readonly [field: string]: unknown }, onAnswer: OnAnswer): void;
  readonly pipe: Pipe;
  /** Requests that have no answer yet. */
  readonly unanswered: number;
}

/** Opens a session on a pipe; what is no answer goes to `onEvent`, in the order of the wire. */
export function openSession(
  connect: (events: PipeEvents) => Pipe,
  onEvent: (event: Spoken) => void,
  onClosed: () => void,
): ClientSession {
  const asked = new Map<string, OnAnswer>();
  let number = 0;
  let rest = Buffer.alloc(0);

  const hear = (line: string): void => {
    const spoken = JSON.parse(line) as Spoken;
    const isAnswer = spoken.type === 'ok' || (spoken.type === 'error' && spoken.id !== undefined);
    if (!isAnswer) {
      onEvent(spoken);
      return;
    }
    const onAnswer = asked.get(spoken.id ?? '');
    assert.ok(onAnswer !== undefined, `an answer to nothing that is open: ${line}`);
    asked.delete(spoken.id ?? '');
    onAnswer(spoken);
  };

  const pipe = connect({
    received(bytes) {
      rest = Buffer.concat([rest, bytes]);
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        const line = rest.subarray(0, end).toString();
        rest = rest.subarray(end + 1);
        hear(line);
      }
    },
    closed() {
      for (const onAnswer of asked.values()) onAnswer(null);
      asked.clear();
      onClosed();
    },
  });

  return {
    pipe,
    get unanswered() {
      return asked.size;
    },
    ask(request, onAnswer) {
      number += 1;
      const id = String(number);
      asked.set(id, onAnswer);
      pipe.write(`${JSON.stringify({ ...request, id })}\n`);
    },
  };
}
