import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { createOutbox } from '../../transport/index.ts';
import { FRAME_FORMAT } from './encode.ts';
import type { NativeOptions } from './options.ts';
import { createSession } from './session.ts';
import { LINGER_MS } from './tcp.ts';

/** The close code of a connection that did its work (RFC 6455, section 7.4.1). */
const NORMAL = 1000;
/** A connection that is silent this many times the ping's interval is dead. */
const DEAD_TIMES = 5 / 3;

export interface WebSockets {
  /** Takes an HTTP upgrade that has passed the checks of Host and Origin. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, address: string): void;
  /** Stops pinging. Connections are ended by chat. */
  close(): void;
}

/** Serves the native protocol on WebSocket: one object per text frame. Framing in, pings and closes are the library's; frames out are written to its socket, many in one write. */
export function createWebSockets(options: NativeOptions): WebSockets {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: options.limits.lineBytes,
    maxFragments: 16,
    autoPong: true,
  });
  const alive = new Map<WebSocket, number>();
  const pingMs = options.limits.pingSeconds * 1_000;
  let cancel = options.setTimer(check, pingMs / 3);

  /** Pings who was silent for a while, and drops who does not answer. */
  function check(): void {
    const now = options.elapsed();
    for (const [socket, heardAt] of alive) {
      if (now - heardAt >= pingMs * DEAD_TIMES) socket.terminate();
      else if (now - heardAt >= pingMs) socket.ping();
    }
    cancel = options.setTimer(check, pingMs / 3);
  }

  const serve = (ws: WebSocket, socket: Duplex, address: string): void => {
    const heard = (): void => {
      alive.set(ws, options.elapsed());
    };
    const outbox = createOutbox({
      socket,
      pack: FRAME_FORMAT.pack,
      limit: options.limits.outboxBytes,
      endOfTurn: options.endOfTurn,
      onOverflow: () => session.overflow(),
      close: () => ws.close(NORMAL),
      linger: LINGER_MS,
      setTimer: options.setTimer,
    });
    const session = createSession(options, {
      via: 'websocket',
      address,
      format: FRAME_FORMAT,
      outbox,
      pause: () => ws.pause(),
      resume: () => ws.resume(),
    });
    heard();
    // The upgrade was the first thing that came (SECURITY: the time to log in counts from it).
    session.received(0);
    ws.on('message', (data: Buffer, isBinary) => {
      heard();
      session.received(data.length);
      if (isBinary) session.invalidUtf8();
      else session.message(data.toString('utf8'));
    });
    ws.on('pong', heard);
    // The library has answered bad framing with 1002, 1007 or 1009 by now; `close` follows.
    ws.on('error', () => undefined);
    ws.on('close', () => {
      alive.delete(ws);
      session.closed();
    });
  };

  return {
    upgrade(request, socket, head, address) {
      server.handleUpgrade(request, socket, head, (ws) => serve(ws, socket, address));
    },
    close: () => cancel(),
  };
}
