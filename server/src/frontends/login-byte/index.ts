/**
 * The classic protocol login-byte: a name, one byte for an answer, then
 * messages without any framing. Knows chat, transport and what the classic
 * front ends share; no store and no other protocol.
 */
import type { Socket } from 'node:net';
import type { ClassicOptions } from '../classic/index.ts';
import { createHolders } from './holders.ts';
import { serveSocket } from './serve-socket.ts';

export interface LoginByte {
  /** Serves an accepted connection. `address` is the other side's, plain; `room` is there already. */
  serve(socket: Socket, address: string, room: string): void;
}

export function createLoginByte(options: ClassicOptions): LoginByte {
  const holders = createHolders(options);
  return { serve: (socket, address, room) => serveSocket(options, holders, socket, address, room) };
}
