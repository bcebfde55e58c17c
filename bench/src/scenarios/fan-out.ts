import { gather } from '../load/gathering.ts';
import { pump } from '../load/pump.ts';
import type { Figures } from '../metrics.ts';
import type { FanOut } from '../scenarios.ts';
import type { Round } from '../round.ts';

const TEXT_BYTES = 100;
/**
 * Warming up takes a wider window: the system grows a socket's receive buffer
 * only when it has been too small, and until then each write waits for the
 * reader half-way. The same load runs at 7 or at 14 million/s, by chance.
 */
const WARM_WINDOWS = 3;

/** Deliveries are messages times members who have them all, over the time from the first send to the last byte at the last member. */
export async function runFanOut(scenario: FanOut, round: Round): Promise<Figures> {
  const server = await round.start();
  const gathering = await gather({
    target: server.target(scenario.transport),
    room: 'lobby',
    members: scenario.members,
    senders: scenario.senders,
    witnesses: scenario.members >= 100 ? 2 : 1,
    texts: round.texts,
    textBytes: TEXT_BYTES,
    keys: scenario.keys,
    keepEnds: false,
  });
  await pump(gathering, scenario.window * WARM_WINDOWS, round.warmSeconds);
  const meter = round.meter(server);
  const run = await pump(gathering, scenario.window, round.seconds);
  const cpu = meter();
  await gathering.close();
  const witness = gathering.witnesses[0];
  return {
    deliveries: (run.messages * scenario.members) / run.seconds / 1e6,
    sends: run.messages / run.seconds / 1e3,
    wireBytes: witness === undefined ? 0 : witness.bytes / witness.messages,
    ...cpu,
  };
}
