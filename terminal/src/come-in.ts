import { createClient, TeahouseError, type Client } from '@teahouse/client';
import { NATIVE_PORT, parseAddress, type Place } from './address.ts';
import { explain } from './explain.ts';
import { explainAttempt } from './probe.ts';
import type { Screen } from './screen.ts';

/** A client that is connected, and where to. */
export interface Connected {
  readonly client: Client;
  readonly place: Place;
}

/** Asks for server and port, as the original did. */
async function askAddress(screen: Screen): Promise<string | undefined> {
  const server = (await screen.read('Server (name or IP address): '))?.trim();
  if (server === undefined || server.includes('://') || /:\d+$/.test(server)) return server;
  const port = (await screen.read(`Port [${NATIVE_PORT}]: `))?.trim();
  if (port === undefined) return undefined;
  return port === ''
    ? server
    : `${server.includes(':') ? `[${server.replace(/^\[|\]$/g, '')}]` : server}:${port}`;
}

/** Connects to where it is told, and asks until that is a server. `undefined` when nobody answers any more. */
export async function connect(
  screen: Screen,
  given: string | undefined,
  started: (client: Client) => void,
): Promise<Connected | undefined> {
  for (let written = given; ; written = undefined) {
    written ??= await askAddress(screen);
    if (written === undefined) return undefined;
    const place = parseAddress(written);
    if (!place.ok) {
      screen.print([place.why]);
      continue;
    }
    const client = createClient({ connect: place.connect });
    started(client);
    try {
      await client.connect();
      screen.print(['conn success!']);
      return { client, place };
    } catch (error) {
      client.close();
      screen.print([await explainAttempt(error, place)]);
    }
  }
}

/** Logs in, and asks for another name until one is free. False when nobody answers any more. */
export async function logIn(
  screen: Screen,
  { client, place }: Connected,
  given: string | undefined,
): Promise<boolean> {
  const stop = client.on('state', (state) => {
    if (state.is === 'waiting') screen.print([explain(state.why, place)]);
  });
  for (let nick = given; ; nick = undefined) {
    nick ??= await screen.read('Your name: ');
    if (nick === undefined) return false;
    try {
      await client.login({ nick: nick.trim() });
      stop();
      return true;
    } catch (error) {
      screen.print([explain(error, place)]);
      if (error instanceof TeahouseError && (error.code === 'kicked' || error.code === 'closed'))
        return false;
    }
  }
}
