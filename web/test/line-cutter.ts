import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * A wire between page and server that can be cut: the page's own requests go
 * through at all times, its WebSockets only while the wire is whole.
 */
export type LineCutter = {
  /** The page's address through the wire. */
  url: string;
  cut: () => void;
  mend: () => void;
  close: () => void;
};

export async function createLineCutter(serverPort: number): Promise<LineCutter> {
  const sockets = new Set<Socket>();
  const lines = new Set<Socket>();
  let isCut = false;

  const wire = createServer((near) => {
    sockets.add(near);
    near.on('error', () => near.destroy()).on('close', () => sockets.delete(near));
    near.once('data', (first) => {
      const isLine = first.toString('latin1').startsWith('GET /ws ');
      if (isLine && isCut) return near.destroy();
      if (isLine) lines.add(near);
      const far = connect(serverPort, '127.0.0.1');
      far.on('error', () => near.destroy()).on('close', () => near.destroy());
      near.on('close', () => far.destroy());
      far.write(first);
      near.pipe(far).pipe(near);
    });
  });
  wire.listen(0, '127.0.0.1');
  await once(wire, 'listening');

  return {
    url: `http://localhost:${(wire.address() as AddressInfo).port}/`,
    cut() {
      isCut = true;
      for (const line of lines) line.destroy();
      lines.clear();
    },
    mend() {
      isCut = false;
    },
    close() {
      wire.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
