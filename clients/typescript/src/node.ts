/**
 * What only Node can: the native protocol over plain TCP. It knows nothing of
 * the client; it is one of its connectors.
 */
import { connect } from 'node:net';
import { createLineReader } from './lines.ts';
import type { Connector } from './types.ts';
import { MAX_MESSAGE } from './wire.ts';

/** Connects by TCP: one message a line. A server that has gone without a word is noticed by keepalive. */
export function tcp(host: string, port: number): Connector {
  return ({ opened, line, ended }) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 });
    let cause: unknown;
    const read = createLineReader(MAX_MESSAGE, line, () => socket.destroy());
    socket.on('connect', opened);
    socket.on('data', read);
    socket.on('error', (error) => {
      cause = error;
    });
    socket.on('close', () => ended(cause));
    return {
      send: (text) => void socket.write(`${text}\n`),
      close: () => socket.destroySoon(),
    };
  };
}
