import type { Duplex } from 'node:stream';
import { createLineDecoder, createOutbox, isHttpRequest } from '../../transport/index.ts';
import { LINE_FORMAT } from './encode.ts';
import type { NativeOptions } from './options.ts';
import { createSession } from './session.ts';

/** How long a closed connection's rest may take to be read by the other side, in ms. */
export const LINGER_MS = 2_000;

/** Serves the native protocol on a byte stream: one object per line. `address` is the other side's, plain. */
export function serveTcp(options: NativeOptions, socket: Duplex, address: string): void {
  const outbox = createOutbox({
    socket,
    pack: LINE_FORMAT.pack,
    limit: options.limits.outboxBytes,
    endOfTurn: options.endOfTurn,
    onOverflow: () => session.overflow(),
    close: () => socket.end(),
    linger: LINGER_MS,
    setTimer: options.setTimer,
  });
  const session = createSession(options, {
    via: 'tcp',
    address,
    format: LINE_FORMAT,
    outbox,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  });
  let first = true;
  const decoder = createLineDecoder(options.limits.lineBytes, {
    line(text) {
      if (first && isHttpRequest(text)) {
        session.closed();
        socket.destroy();
        return;
      }
      first = false;
      if (text !== '') session.message(text);
    },
    invalid: () => session.invalidUtf8(),
    tooLong: () => session.tooLong(),
  });
  socket.on('data', (chunk: Buffer) => {
    session.received(chunk.length);
    decoder.push(chunk);
  });
  socket.on('end', () => session.inputEnded());
  socket.on('error', () => socket.destroy());
  socket.on('close', () => session.closed());
}
