/**
 * The load generator's side of one connection. It is built to cost less than
 * the server's: all connections read into one shared buffer, and a connection
 * that nobody looks into only adds up bytes. It knows the two framings (lines
 * on TCP, text frames on WebSocket) and nothing of what is in them.
 */
import { connect, type Socket } from 'node:net';
import { readFrame, upgradeRequest, wrapFrame } from './frames.ts';

export type Transport = 'tcp' | 'ws';

export interface Target {
  readonly transport: Transport;
  readonly host: string;
  readonly port: number;
}

/** One message: `buffer[start..end)`, valid during the call only; `wireBytes` counts its framing too. */
export type PayloadHandler = (buffer: Buffer, start: number, end: number, wireBytes: number) => void;

export interface Peer {
  readonly transport: Transport;
  /** Bytes received since it was last set to 0, those of unfinished messages not yet counted while there is a handler. */
  bytes: number;
  /** Called for each message; null: bytes are counted and not looked at. */
  onPayload: PayloadHandler | null;
  /** Called once after each chunk from the kernel. */
  onChunk: (() => void) | null;
  /** Called when the connection ends before `close`. */
  onEnd: ((reason: string) => void) | null;
  /** Sends one message. */
  send(payload: string): void;
  /** Sends bytes that are already framed. */
  write(framed: Uint8Array): void;
  close(): Promise<void>;
}

const LF = 10;
const READ_BYTES = 256 * 1024;
const shared = Buffer.allocUnsafeSlow(READ_BYTES);

/** Frames one message as a client sends it. */
export function frame(transport: Transport, payload: string): Buffer {
  return transport === 'tcp' ? Buffer.from(`${payload}\n`) : wrapFrame(payload);
}

/** Connects and, on WebSocket, upgrades; rejects when either fails. */
export function connectPeer(target: Target, onPayload: PayloadHandler): Promise<Peer> {
  return new Promise((resolve, reject) => {
    let upgraded = target.transport === 'tcp';
    let carry: Buffer | null = null;
    let closing = false;
    const socket: Socket = connect({
      host: target.host,
      port: target.port,
      noDelay: true,
      onread: { buffer: shared, callback: (length) => receive(length) },
    });
    const peer: Peer = {
      transport: target.transport,
      bytes: 0,
      onPayload,
      onChunk: null,
      onEnd: null,
      send: (payload) => void socket.write(frame(target.transport, payload)),
      write: (framed) => void socket.write(framed),
      close: () => {
        closing = true;
        return new Promise((done) => {
          if (socket.destroyed) return done();
          socket.once('close', () => done());
          socket.destroy();
        });
      },
    };
    socket.once('error', (error) => {
      reject(error);
      ended(error.message);
    });
    socket.once('close', () => {
      reject(new Error('the server closed the connection'));
      ended('the server closed the connection');
    });
    socket.once('connect', () => {
      if (upgraded) resolve(peer);
      else socket.write(upgradeRequest(target));
    });

    function ended(reason: string): void {
      if (!closing) peer.onEnd?.(reason);
      closing = true;
    }

    function receive(length: number): boolean {
      if (peer.onPayload === null) peer.bytes += length;
      else split(length);
      peer.onChunk?.();
      return true;
    }

    function split(length: number): void {
      let data = shared.subarray(0, length);
      if (carry !== null) {
        data = Buffer.concat([carry, data]);
        carry = null;
      }
      let at = 0;
      if (!upgraded) {
        at = finishUpgrade(data);
        if (at === 0) {
          carry = Buffer.from(data);
          return;
        }
      }
      while (at < data.length) {
        if (peer.onPayload === null) {
          peer.bytes += data.length - at;
          return;
        }
        const next = target.transport === 'tcp' ? takeLine(data, at, peer) : takeFrame(data, at, peer);
        if (next === at) break;
        at = next;
      }
      if (at < data.length) carry = Buffer.from(data.subarray(at));
    }

    function finishUpgrade(data: Buffer): number {
      const end = data.indexOf('\r\n\r\n');
      if (end < 0) return 0;
      const status = data.toString('latin1', 0, data.indexOf('\r\n'));
      if (!status.includes(' 101 ')) {
        reject(new Error(`no upgrade to WebSocket: ${status}`));
        socket.destroy();
        return data.length;
      }
      upgraded = true;
      resolve(peer);
      return end + 4;
    }
  });
}

function takeLine(data: Buffer, at: number, peer: Peer): number {
  const end = data.indexOf(LF, at);
  if (end < 0) return at;
  peer.bytes += end + 1 - at;
  peer.onPayload?.(data, at, end, end + 1 - at);
  return end + 1;
}

function takeFrame(data: Buffer, at: number, peer: Peer): number {
  const found = readFrame(data, at);
  if (found === null) return at;
  peer.bytes += found.end - at;
  if (found.opcode === 'text') peer.onPayload?.(data, found.start, found.end, found.end - at);
  return found.end;
}
