import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Why a request gets no further: the status, and one sentence for whoever reads it. */
export type Refusal = { status: number; text: string; headers?: Record<string, string> };

/** Answers a request with one line of text. */
export function answerText(response: ServerResponse, { status, text, headers }: Refusal): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    // Whoever is refused begins anew, and is counted as a new connection.
    connection: 'close',
    ...headers,
  });
  response.end(`${text}\n`);
}

/** How long a refused peer has for reading why, in milliseconds. */
const GOODBYE_MS = 1_000;

/** Answers an upgrade that is refused, and ends its connection. */
export function answerSocket(socket: Duplex, { status, text, headers }: Refusal): void {
  const body = Buffer.from(`${text}\n`);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${body.length}`,
    'Connection: close',
    ...Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`),
  ];
  // A peer that has gone meanwhile is nobody's error.
  socket.on('error', () => socket.destroy());
  socket.end(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]));
  // A peer that keeps its own half open must not hold the socket.
  const deadline = setTimeout(() => socket.destroy(), GOODBYE_MS);
  socket.once('close', () => clearTimeout(deadline));
  socket.resume();
}
