import { enter, inWaves, nickOf } from '../load/gathering.ts';
import type { Peer } from '../load/peer.ts';
import type { Figures } from '../metrics.ts';
import type { Crowd } from '../scenarios.ts';
import type { Round } from '../round.ts';

const CONNECTING_AT_ONCE = 200;
/** Time for the server to collect what joining left behind; memory is read after it. */
const REST_MS = 2_000;

/** Everybody connects, logs in and joins; then memory is compared with before. The server's account, not the kernel's: socket buffers are not in it. */
export async function runCrowd(scenario: Crowd, round: Round): Promise<Figures> {
  const server = await round.start();
  const target = server.target(scenario.transport);
  const peers: Peer[] = [await enter(target, nickOf(scenario.people), 'lobby')];
  const before = server.residentBytes() ?? Number.NaN;
  const meter = round.meter(server);
  const begin = performance.now();
  await inWaves(scenario.people, CONNECTING_AT_ONCE, async (i) => {
    const peer = await enter(target, nickOf(i), 'lobby');
    peer.onPayload = null;
    peers.push(peer);
  });
  const joined = (performance.now() - begin) / 1000;
  const cpu = meter();
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  const idle = ((server.residentBytes() ?? Number.NaN) - before) / scenario.people / 1024;
  await Promise.all(peers.map((peer) => peer.close()));
  return { joined, idleBytes: idle, ...cpu };
}
