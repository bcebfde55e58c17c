import type { Connector } from './types.ts';
import { MAX_MESSAGE } from './wire.ts';

/** Connects by WebSocket, in a browser or in Node. `url` is like `wss://host/ws`. */
export function webSocket(url: string | URL): Connector {
  return ({ opened, line, ended }) => {
    const socket = new WebSocket(url);
    let cause: unknown;
    socket.addEventListener('open', opened);
    socket.addEventListener('message', ({ data }) => {
      if (typeof data === 'string' && data.length <= MAX_MESSAGE) line(data);
      else socket.close();
    });
    socket.addEventListener('error', (event) => {
      // Browsers say nothing more; Node tells the error.
      cause = 'error' in event ? event.error : undefined;
    });
    socket.addEventListener('close', () => ended(cause));
    return { send: (text) => socket.send(text), close: () => socket.close() };
  };
}
