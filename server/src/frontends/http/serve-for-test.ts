import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { createHttpFrontend, type HttpFrontend, type HttpFrontendOptions } from './http-frontend.ts';

/** For this folder's tests: a front end that listens on loopback, and raw exchanges with it. */
export async function serveForTest(options: Partial<HttpFrontendOptions> = {}) {
  const upgraded: string[] = [];
  const front: HttpFrontend = createHttpFrontend({
    pageFolder: '/nowhere',
    isHealthy: () => true,
    rsaPublicKey: () => null,
    waysIn: () => ({ pages: [], listeners: [] }),
    onUpgrade: (request, socket) => {
      upgraded.push(request.url ?? '');
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    },
    ...options,
  });
  await front.ready();
  front.server.listen(0, '127.0.0.1');
  await once(front.server, 'listening');
  const { port } = front.server.address() as AddressInfo;

  /** Sends bytes as they are, and gives everything that comes back until the server closes. */
  async function exchange(bytes: string): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    socket.write(bytes);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString();
  }
  /** One request with these header lines; answers come with their status in front. */
  async function ask(
    request: string,
    ...headers: string[]
  ): Promise<{ status: number; head: string; body: string }> {
    const lines = [`${request} HTTP/1.1`, ...headers, 'Connection: close', '', ''];
    const answer = await exchange(lines.join('\r\n'));
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    return { status: Number(head.split(' ')[1]), head: head.toLowerCase(), body };
  }
  async function upgrade(path: string, ...headers: string[]): Promise<number> {
    const lines = [`GET ${path} HTTP/1.1`, ...headers, 'Connection: Upgrade', 'Upgrade: websocket', '', ''];
    return Number((await exchange(lines.join('\r\n'))).split(' ')[1]);
  }
  return { port, here: `127.0.0.1:${port}`, upgraded, exchange, ask, upgrade, ...front };
}
