import { createQuiet, type ClassicOptions } from '../classic/index.ts';

/** Puts bytes together to messages: what comes with less than a moment of quiet between belongs to one. */
export interface Gatherer {
  push(chunk: Uint8Array): void;
  /** Nothing more belongs to what has come. */
  flush(): void;
  /** Drops what has come. */
  clear(): void;
}

/** So much quiet ends a message, in ms. */
const QUIET_MS = 50;
/** A message ends so long after its first byte, however busy the line is, in ms. */
const LONGEST_MS = 2_000;

export function createGatherer(options: {
  /** Bytes of one message; the next one begins behind them. */
  readonly limit: number;
  /** Milliseconds, on any clock. */
  readonly now: () => number;
  readonly time: Pick<ClassicOptions, 'setTimer' | 'endOfTurn'>;
  readonly message: (bytes: Buffer) => void;
}): Gatherer {
  const { limit, now, message } = options;
  let chunks: Uint8Array[] = [];
  let size = 0;
  let endsAt = 0;

  const keep = (rest: Uint8Array): void => {
    chunks = rest.length === 0 ? [] : [rest];
    size = rest.length;
    if (size > 0) endsAt = now() + LONGEST_MS;
  };
  const flush = (): void => {
    quiet.cancel();
    const bytes = Buffer.concat(chunks);
    keep(new Uint8Array(0));
    if (bytes.length > 0) message(bytes);
  };
  /** Ends a message in the middle of what comes: a character that is not whole begins the next one. */
  const cut = (most: number): void => {
    const bytes = Buffer.concat(chunks);
    const end = findCharacterEnd(bytes, Math.min(most, bytes.length));
    keep(bytes.subarray(end));
    message(bytes.subarray(0, end));
  };
  const quiet = createQuiet(options.time, () => {
    if (now() < endsAt) return flush();
    cut(size);
    wait();
  });
  const wait = (): void => {
    if (size === 0) quiet.cancel();
    else quiet.wait(Math.max(0, Math.min(QUIET_MS, endsAt - now())));
  };

  return {
    push(chunk) {
      if (size === 0) endsAt = now() + LONGEST_MS;
      // Copied: the chunk's memory may be the socket's, and many times larger.
      chunks.push(Uint8Array.from(chunk));
      size += chunk.length;
      while (size > limit) cut(limit);
      wait();
    },
    flush,
    clear() {
      quiet.cancel();
      keep(new Uint8Array(0));
    },
  };
}

/** The last place up to `most` that is not within a character of UTF-8; `most` itself where the bytes are none. */
function findCharacterEnd(bytes: Uint8Array, most: number): number {
  let start = most - 1;
  while (start > most - 4 && start > 0 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  const first = bytes[start] ?? 0;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  return start > 0 && start + length > most ? start : most;
}
