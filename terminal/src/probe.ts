import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { TeahouseError } from '@teahouse/client';
import type { Place } from './address.ts';
import { explain } from './explain.ts';

const PATIENCE = 3_000;

/** Why no connection can be made there, or `undefined` if one can. */
function findCause({ host, port, secure }: Place): Promise<unknown> {
  return new Promise((resolve) => {
    const name = host.replace(/^\[(.*)\]$/, '$1');
    const socket = secure ? connectTls({ host: name, port }) : connectTcp({ host: name, port });
    const finish = (cause?: unknown) => {
      socket.destroy();
      resolve(cause);
    };
    socket.setTimeout(PATIENCE, () => finish());
    socket.once(secure ? 'secureConnect' : 'connect', () => finish());
    socket.once('error', finish);
  });
}

/**
 * A failed attempt to connect, in a sentence. A WebSocket does not tell why it
 * could not be opened, so the way there is tried once more without it.
 */
export async function explainAttempt(error: unknown, place: Place): Promise<string> {
  const silent = place.web && error instanceof TeahouseError && error.code === 'unreachable';
  const cause = silent ? await findCause(place) : undefined;
  if (cause === undefined) return explain(error, place);
  return explain(new TeahouseError('unreachable', 'No connection could be made.', cause), place);
}
