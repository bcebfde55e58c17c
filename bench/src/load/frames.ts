/** WebSocket framing (RFC 6455) as far as a load generator needs it: whole text frames, masked from the client, plain from the server. */
import { randomBytes } from 'node:crypto';

const MASK = randomBytes(4);
const TEXT = 0x81;

export function upgradeRequest(target: { readonly host: string; readonly port: number }): string {
  return [
    'GET /ws HTTP/1.1',
    `Host: ${target.host}:${target.port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    '\r\n',
  ].join('\r\n');
}

/** Bytes before the payload of a masked frame (section 5.2). */
export function headerBytes(payloadBytes: number): number {
  return payloadBytes < 126 ? 6 : 8;
}

/** The byte that masks the payload's byte at `index` (section 5.3). One mask for all frames: this client has no secrets. */
export function maskAt(index: number): number {
  return MASK[index & 3] ?? 0;
}

/** A masked text frame of at most 65,535 bytes. */
export function wrapFrame(payload: string): Buffer {
  const body = Buffer.from(payload);
  const header = headerBytes(body.length);
  const out = Buffer.allocUnsafe(header + body.length);
  out[0] = TEXT;
  if (header === 6) {
    out[1] = 0x80 | body.length;
  } else {
    out[1] = 0x80 | 126;
    out.writeUInt16BE(body.length, 2);
  }
  out.set(MASK, header - 4);
  for (let i = 0; i < body.length; i++) out[header + i] = (body[i] ?? 0) ^ maskAt(i);
  return out;
}

interface Frame {
  readonly opcode: 'text' | 'other';
  readonly start: number;
  readonly end: number;
}

/** The server's frame that begins at `at`, or null if it is not all there. Throws on one that is fragmented or masked. */
export function readFrame(data: Buffer, at: number): Frame | null {
  if (at + 2 > data.length) return null;
  const first = data[at] ?? 0;
  let length = data[at + 1] ?? 0;
  let start = at + 2;
  if (length === 126) {
    if (start + 2 > data.length) return null;
    length = data.readUInt16BE(start);
    start += 2;
  } else if (length === 127) {
    if (start + 8 > data.length) return null;
    length = Number(data.readBigUInt64BE(start));
    start += 8;
  } else if (length > 127) {
    throw new Error('the server sent a masked frame');
  }
  if (start + length > data.length) return null;
  if ((first & 0x80) === 0) throw new Error('the server sent a fragmented message');
  return { opcode: first === TEXT ? 'text' : 'other', start, end: start + length };
}
