import type { Writable } from 'node:stream';

/** Turns messages into bytes on the wire: lines, or WebSocket frames. */
export type Pack = (messages: readonly string[]) => Uint8Array;

/** What a connection still has to send. Nothing here blocks, order is kept, and it is bounded. */
export interface Outbox {
  /** Queues a message for this connection alone. */
  say(message: string): void;
  /** Queues bytes that are already packed and may be shared by many connections; they must not change afterwards. */
  share(bytes: Uint8Array): void;
  /** Bytes that have not reached the system yet, those of the socket's own queue included. */
  readonly queued: number;
  /** Sends what is queued, then `last`, then ends; what is not taken by then is dropped after the linger. */
  end(last?: string): void;
  /** Drops what is queued here, sends `last` behind what the socket holds already, and ends. */
  cutOff(last: string): void;
}

export interface OutboxOptions {
  readonly socket: Writable;
  readonly pack: Pack;
  /**
   * Bytes that may wait at most, of what earlier turns left and of what this one
   * has for this connection alone; one more calls `onOverflow`, once.
   */
  readonly limit: number;
  /** Runs a task when this turn of the event loop has gathered what it will: one write per connection and turn. */
  readonly endOfTurn: (task: () => void) => void;
  readonly onOverflow: () => void;
  /** Ends the connection behind what was written, in the protocol's way. */
  readonly close: () => void;
  /** Waits this long (ms) for the other side to take the rest after `end`. */
  readonly linger: number;
  readonly setTimer: (task: () => void, ms: number) => unknown;
}

export function createOutbox(options: OutboxOptions): Outbox {
  const { socket, pack, limit } = options;
  const waiting: (string | Uint8Array)[] = [];
  let bytes = 0;
  /** Of these, what is for this connection alone. */
  let ownBytes = 0;
  /** What the socket had not got rid of when this turn began. */
  let backlog = 0;
  let scheduled = false;
  let ended = false;

  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    options.endOfTurn(flush);
  };

  /** Writes all that waits with one call to the system: neighbouring messages are packed together, several chunks go as one vector. */
  function flush(): void {
    scheduled = false;
    const count = waiting.length;
    if (count === 0) return;
    if (socket.destroyed) {
      waiting.length = 0;
      return;
    }
    const first = waiting[0];
    if (count === 1 && typeof first === 'object') {
      socket.write(first);
    } else {
      socket.cork();
      let run: string[] = [];
      for (const item of waiting) {
        if (typeof item === 'string') {
          run.push(item);
          continue;
        }
        if (run.length > 0) socket.write(pack(run));
        run = [];
        socket.write(item);
      }
      if (run.length > 0) socket.write(pack(run));
      socket.uncork();
    }
    waiting.length = 0;
    bytes = ownBytes = 0;
  }

  const add = (item: string | Uint8Array): void => {
    if (ended || socket.destroyed) return;
    waiting.push(item);
    if (!scheduled) backlog = socket.writableLength;
    const size = typeof item === 'string' ? Buffer.byteLength(item) : item.length;
    bytes += size;
    if (typeof item === 'string') ownBytes += size;
    // What a turn brings everybody is no sign of a slow reader: it has not been offered to the socket yet.
    if (backlog + ownBytes > limit) {
      options.onOverflow();
      return;
    }
    schedule();
  };

  const finish = (): void => {
    if (ended) return;
    ended = true;
    options.close();
    options.setTimer(() => socket.destroy(), options.linger);
  };

  return {
    say: add,
    share: add,
    get queued() {
      return bytes + socket.writableLength;
    },
    end(last) {
      if (ended || socket.destroyed) return;
      if (last !== undefined) waiting.push(last);
      flush();
      finish();
    },
    cutOff(last) {
      if (ended || socket.destroyed) return;
      waiting.length = 0;
      bytes = 0;
      socket.write(pack([last]));
      finish();
    },
  };
}
