/**
 * The classic protocol rsa-line: a name encrypted with the server's RSA key,
 * then lines. Knows chat, transport and what the classic front ends share; no
 * store and no other protocol.
 */
import type { Socket } from 'node:net';
import { createLineClock } from './line-clock.ts';
import { createNameOpener } from './name-opener.ts';
import type { RsaLineOptions } from './options.ts';
import { serveSocket } from './serve-socket.ts';
import { createWords } from './words.ts';

export type { RsaLineOptions } from './options.ts';

export interface RsaLine {
  /** Serves an accepted connection. `address` is the other side's, plain; `room` is there already. */
  serve(socket: Socket, address: string, room: string): void;
  /** Ends the thread that decrypts. */
  close(): Promise<void>;
}

export function createRsaLine(options: RsaLineOptions): RsaLine {
  const words = createWords(createLineClock(options.timeZone));
  const opener = createNameOpener(options.privateKey, options.failed);
  return {
    serve: (socket, address, room) => serveSocket(options, { words, opener }, socket, address, room),
    close: () => opener.close(),
  };
}
