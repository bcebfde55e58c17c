import { write } from 'node:fs';
import type { Writable } from 'node:stream';

/** Where lines go. */
export interface LineSink {
  /** Takes a text that ends in a line end. Never waits and never throws. */
  readonly write: (text: string) => void;
  /** Settles when all is out, or the other side is gone. */
  readonly flush: () => Promise<void>;
}

/** Bytes that may wait at most. */
const WAITING = 1_048_576;
/** Milliseconds after which a full pipe is tried again. */
const AGAIN = 20;

/**
 * Writes to a file descriptor off the event loop. Node's own `stdout` is
 * synchronous on terminals and pipes: a stopped terminal (Ctrl-S) or a reader
 * that stalls would halt the server and everybody in it. What does not fit the
 * bounded queue is dropped, and how much is said once there is room again.
 * When the reader is gone (EPIPE) everything after is dropped in silence.
 */
export function createLineSink(fd: number): LineSink {
  let waiting: Buffer[] = [];
  let size = 0;
  let dropped = 0;
  let busy = false;
  let gone = false;
  let idle: (() => void)[] = [];

  const pump = () => {
    if (gone || waiting.length === 0) {
      busy = false;
      for (const settle of idle) settle();
      idle = [];
      return;
    }
    busy = true;
    const batch = Buffer.concat(waiting);
    waiting = [];
    writeAll(batch);
  };
  const writeAll = (bytes: Buffer) => {
    write(fd, bytes, (error, written) => {
      if (error?.code === 'EAGAIN') {
        setTimeout(writeAll, AGAIN, bytes);
        return;
      }
      gone = error !== null;
      size -= gone ? size : written;
      if (!gone && written < bytes.length) writeAll(bytes.subarray(written));
      else pump();
    });
  };
  const queue = (text: string) => {
    const bytes = Buffer.from(text);
    waiting.push(bytes);
    size += bytes.length;
  };
  return {
    write(text) {
      if (gone) return;
      if (size + text.length > WAITING) {
        dropped += 1;
        return;
      }
      if (dropped > 0) queue(`(${dropped} lines were lost, because nothing read them)\n`);
      dropped = 0;
      queue(text);
      if (!busy) pump();
    },
    flush() {
      const { promise, resolve } = Promise.withResolvers<void>();
      if (busy) idle.push(resolve);
      else resolve();
      return promise;
    },
  };
}

/** The same on a stream that does not block: the Windows console. */
export function createStreamSink(stream: Writable): LineSink {
  return {
    write: (text) => void stream.write(text),
    flush: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      stream.write('', () => resolve());
      return promise;
    },
  };
}
