import type { TeahouseError } from './errors.ts';
import type { Connector, Hello, Link, World } from './types.ts';
import { failure, parseMessage, readError, readHello, type Message } from './wire.ts';

/** What one line to the server tells. `lost` comes at most once, nothing comes after it, and nothing after `close`. */
export interface LineEvents {
  greeted(hello: Hello): void;
  /** Everything after the `hello`. */
  message(message: Message): void;
  lost(why: TeahouseError): void;
}

/** One connection, from the attempt to its end. */
export interface Line {
  send(text: string): void;
  close(): void;
  /** When the server was last heard, in milliseconds. */
  readonly heard: number;
}

const CONNECT_LIMIT = 10_000;

/** Opens a line and waits for the server's `hello`, both together at most 10 s. */
export function openLine(connect: Connector, world: World, events: LineEvents): Line {
  let link: Link | undefined;
  let greeted = false;
  let opened = false;
  let over = false;
  let heard = world.now();
  /** The last error that answers no request: the server's reason, if it closes now. */
  let parting: TeahouseError | undefined;
  const stopWaiting = world.after(CONNECT_LIMIT, () => {
    // Somebody who takes connections and says nothing speaks another protocol.
    lose(failure(opened ? 'not_teahouse' : 'unreachable', failure('timeout')));
  });

  function close(): void {
    over = true;
    stopWaiting();
    link?.close();
  }

  function lose(why: TeahouseError): void {
    if (over) return;
    close();
    events.lost(why);
  }

  function hear(text: string): void {
    if (over) return;
    heard = world.now();
    const message = parseMessage(text);
    if (message?.['type'] === 'error') {
      if (message['id'] === undefined) parting = readError(message);
      if (greeted) events.message(message);
    } else if (greeted) {
      parting = undefined;
      if (message) events.message(message);
    } else greet(message && readHello(message));
  }

  function greet(hello: Hello | undefined): void {
    if (!hello) return lose(failure('not_teahouse'));
    stopWaiting();
    greeted = true;
    events.greeted(hello);
  }

  function ended(cause?: unknown): void {
    // Whoever opened the line does not have it yet.
    if (!link) return queueMicrotask(() => fail(cause));
    fail(cause);
  }

  function fail(cause: unknown): void {
    lose(parting ?? failure(greeted ? 'disconnected' : 'unreachable', cause));
  }

  try {
    link = connect({ opened: () => (opened = true), line: hear, ended });
  } catch (error) {
    ended(error);
  }

  return {
    send: (text) => link?.send(text),
    close,
    get heard() {
      return heard;
    },
  };
}
