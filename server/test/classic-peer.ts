/** A connection as bytes and text, as a test of the classic protocols sees it. */
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { withPatience } from './harness.ts';

export interface Peer {
  readonly socket: Socket;
  send(data: string | Uint8Array): void;
  /** Waits until this has come, and takes everything up to its end. Fails where the connection ends before. */
  until(wanted: string | RegExp): Promise<string>;
  /** Everything not taken yet, once the other side has ended. */
  ended(): Promise<string>;
  /** What has come and was not taken. */
  readonly rest: string;
}

/** Connects to a port of this machine; `from` is another loopback address to come from. */
export async function openPeer(t: TestContext, port: number, from?: string): Promise<Peer> {
  const socket = connect({ host: '127.0.0.1', port, ...(from !== undefined && { localAddress: from }) });
  socket.setNoDelay(true);
  t.after(() => socket.destroy());
  const connected = Promise.withResolvers<void>();
  socket.once('connect', () => connected.resolve());
  socket.once('error', (error) => connected.reject(error));
  await withPatience('a connection', connected.promise);

  let bytes = Buffer.alloc(0);
  let isEnded = false;
  const looks = new Set<() => void>();
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (const look of looks) look();
  });
  const onEnd = (): void => {
    isEnded = true;
    for (const look of looks) look();
  };
  socket.on('end', onEnd);
  socket.on('close', onEnd);
  socket.on('error', () => socket.destroy());

  const take = (length: number): string => {
    const taken = bytes.subarray(0, length).toString('utf8');
    bytes = bytes.subarray(length);
    return taken;
  };
  const waitFor = (what: string, find: () => string | null): Promise<string> => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const look = (): void => {
      const found = find();
      if (found === null && !isEnded) return;
      looks.delete(look);
      if (found === null)
        reject(new Error(`the end came before ${what}, after ${JSON.stringify(String(bytes))}`));
      else resolve(found);
    };
    looks.add(look);
    look();
    return withPatience(what, promise).catch((error: unknown) => {
      throw new Error(`${String(error)}; there was ${JSON.stringify(bytes.subarray(0, 2_000).toString())}`);
    });
  };
  return {
    socket,
    send: (data) => void socket.write(data),
    until: (wanted) =>
      waitFor(String(wanted), () => {
        const text = bytes.toString('utf8');
        const end =
          typeof wanted === 'string'
            ? text.indexOf(wanted) + (text.includes(wanted) ? wanted.length : 0)
            : ((match) => (match === null ? -1 : match.index + match[0].length))(wanted.exec(text));
        return end < 0 ? null : take(Buffer.byteLength(text.slice(0, end)));
      }),
    ended: () => waitFor('the end', () => (isEnded ? take(bytes.length) : null)),
    get rest() {
      return bytes.toString('utf8');
    },
  };
}
