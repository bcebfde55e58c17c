import { createAsker } from '../load/asker.ts';
import { enter, nickOf } from '../load/gathering.ts';
import type { Figures } from '../metrics.ts';
import type { Start } from '../scenarios.ts';
import type { Round } from '../round.ts';

const REST_MS = 1_000;

/** From the start of the process, with an empty data folder, until somebody is in the room. */
export async function runStart(_scenario: Start, round: Round): Promise<Figures> {
  const begin = performance.now();
  const server = await round.start();
  const peer = await enter(server.target('tcp'), nickOf(0), 'lobby');
  const firstLogin = performance.now() - begin;
  await createAsker(peer).ask({ type: 'ping' });
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  const restBytes = (server.residentBytes() ?? Number.NaN) / 2 ** 20;
  return { firstLogin, restBytes };
}
