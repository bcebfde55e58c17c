import type { TestContext } from 'node:test';
import {
  createClient,
  type Client,
  type ClientEvents,
  type ClientOptions,
  type ConnectionState,
} from '../src/index.ts';
import { createFakeWorld } from './fake-world.ts';
import { startScriptedServer, type Peer } from './scripted-server.ts';

/** A client before a scripted server, in a world whose clock stands still. All of it ends with the test. */
export async function setUp(t: TestContext, options: Partial<ClientOptions> = {}) {
  const server = await startScriptedServer();
  const time = createFakeWorld();
  const client = createClient({ connect: server.connect, world: time.world, rooms: ['lobby'], ...options });
  t.after(() => {
    client.close();
    server.stop();
  });
  return { server, client, ...time };
}

/** The next event that fits. */
export function nextEvent<K extends keyof ClientEvents>(
  client: Client,
  type: K,
  fits: (event: ClientEvents[K]) => boolean = () => true,
): Promise<ClientEvents[K]> {
  return new Promise((resolve) => {
    const stop = client.on(type, (event) => {
      if (!fits(event)) return;
      stop();
      resolve(event);
    });
  });
}

/** The state, when it is this one: now or later. */
export async function stateIs<I extends ConnectionState['is']>(
  client: Client,
  is: I,
): Promise<Extract<ConnectionState, { is: I }>> {
  const state =
    client.state.is === is ? client.state : await nextEvent(client, 'state', (next) => next.is === is);
  return state as Extract<ConnectionState, { is: I }>;
}

/** When everything is taken in that the server said until now: one more answer has come by. */
export async function roundTrip(client: Client, peer: Peer): Promise<void> {
  const asked = client.whoami();
  peer.answer(await peer.expect('whoami'), { person: { id: 'p1', nick: 'Ada' }, rooms: [] });
  await asked;
}

/** The seqs of all entries from now on. */
export function collectSeqs(client: Client): number[] {
  const seqs: number[] = [];
  client.on('entry', ({ entry }) => seqs.push(entry.seq));
  return seqs;
}
