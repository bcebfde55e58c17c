import type { Server, Socket } from 'node:net';
import { plainAddress } from '../limits/addresses.ts';
import type { Admission, Refusal } from '../limits/admission.ts';

/** Makes a server listen; on a machine without IPv6, `::` becomes 0.0.0.0. Rejects with the system's error, such as EADDRINUSE. */
export async function listen(
  server: Server,
  host: string,
  port: number,
): Promise<{ host: string; port: number }> {
  try {
    await listenOn(server, host, port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (host !== '::' || (code !== 'EAFNOSUPPORT' && code !== 'EADDRNOTAVAIL')) throw error;
    await listenOn(server, '0.0.0.0', port);
  }
  const address = server.address();
  return typeof address === 'object' && address !== null
    ? { host: address.address, port: address.port }
    : { host, port };
}

function listenOn(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 4096 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/**
 * Lets connections in by the counts and rates of their addresses. One that is
 * not admitted is closed at once, without a word: words would be the work that
 * the limit is there to save.
 */
export function admitConnections(
  server: Server,
  admission: Admission,
  options: {
    readonly accept: (socket: Socket, address: string) => void;
    readonly refused: (address: string, why: Refusal) => void;
  },
): void {
  // prependListener: the HTTP server's own listener must not see a socket that was refused.
  server.prependListener('connection', (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress ?? '');
    const refusal = admission.admit(address);
    if (refusal !== null) {
      options.refused(address, refusal);
      socket.destroy();
      return;
    }
    socket.once('close', () => admission.release(address));
    // A reset between the accept and the front end's own handler is nobody's error.
    socket.on('error', () => socket.destroy());
    options.accept(socket, address);
  });
}
