import type { Socket } from 'node:net';
import { BETWEEN_PIECES, encodePiece } from './pieces.ts';
import { notice } from './words.ts';

/** Two writes are kept so far apart, in ms: 20, and one because a timer may be early by a part of it. */
const GAP_MS = 21;
/** After the answer to the login, in ms: read together with a message it would be no answer. */
const AFTER_ANSWER_MS = 100;
/** What may wait: messages, and characters in them. Past it the older half is skipped, and that is said. */
const MOST_MESSAGES = 256;
const MOST_CHARACTERS = 262_144;
/** How long a closed connection's rest may take to be read by the other side, in ms. */
const LINGER_MS = 2_000;

/** Writes messages so that each is likely to be one `recv(1024)` of its reader. */
export interface PacedWriter {
  /** Answers the login. */
  answer(byte: 'Y' | 'N' | 'R'): void;
  /** Queues a message, as its pieces. Never blocks; what is too much is skipped. */
  write(message: string): void;
  /** The reader reads now: messages need not fill a `recv` any more. */
  stopPadding(): void;
  /** Drops what waits and ends; with `words`, what is dropped is said, and then they. */
  end(words: string): void;
}

export function createPacedWriter(
  socket: Socket,
  setTimer: (task: () => void, ms: number) => () => void,
): PacedWriter {
  let queue: string[] = [];
  let characters = 0;
  let pieces: string[] = [];
  let skipped = 0;
  let isPadded = true;
  let isResting = false;
  let last: string | null = null;

  /** The next piece; a message is cut up only when it is its turn. */
  const takePiece = (): string | undefined => {
    const piece = pieces.shift();
    if (piece !== undefined) return piece;
    if (skipped > 0) {
      const words = notice(`… ${skipped} message${skipped === 1 ? '' : 's'} skipped`);
      skipped = 0;
      return words;
    }
    const message = queue.shift();
    if (message === undefined) return undefined;
    characters -= message.length;
    pieces = message.split(BETWEEN_PIECES);
    return pieces.shift();
  };

  const writeNext = (): void => {
    if (isResting || socket.destroyed) return;
    const piece = takePiece();
    if (piece !== undefined) return writeAlone(encodePiece(piece, isPadded), GAP_MS);
    if (last !== null) socket.end();
  };

  /** Writes, and rests from when the system has taken it: what a slow reader is sent waits here, not in the socket. */
  function writeAlone(bytes: Buffer | string, restMs: number): void {
    isResting = true;
    socket.write(bytes, (error) => {
      if (error) return;
      setTimer(() => {
        isResting = false;
        writeNext();
      }, restMs);
    });
  }

  const skipOlderHalf = (): void => {
    const kept = queue.splice(queue.length >> 1);
    skipped += queue.length;
    queue = kept;
    characters = kept.reduce((sum, message) => sum + message.length, 0);
  };

  return {
    answer(byte) {
      writeAlone(byte, AFTER_ANSWER_MS);
    },
    write(message) {
      if (last !== null) return;
      queue.push(message);
      characters += message.length;
      if (queue.length > MOST_MESSAGES || characters > MOST_CHARACTERS) skipOlderHalf();
      writeNext();
    },
    stopPadding() {
      isPadded = false;
    },
    end(words) {
      if (last !== null || socket.destroyed) return;
      last = words;
      skipped = words === '' ? 0 : skipped + queue.length + (pieces.length > 0 ? 1 : 0);
      pieces = [];
      queue = words === '' ? [] : [words];
      setTimer(() => socket.destroy(), LINGER_MS);
      writeNext();
    },
  };
}
