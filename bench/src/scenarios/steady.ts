import { gather, type Gathering } from '../load/gathering.ts';
import { quantile, type Figures } from '../metrics.ts';
import type { Steady } from '../scenarios.ts';
import type { Round } from '../round.ts';

const TEXT_BYTES = 100;
const SENDERS = 50;

/** What one member received: bytes in all, and when, for each chunk. */
interface Arrivals {
  readonly bytes: number[];
  readonly times: number[];
}

/**
 * Latency from the moment a message was due to its last byte at each listener.
 * A generator that falls behind its own schedule makes latency worse, not better.
 */
export async function runSteady(scenario: Steady, round: Round): Promise<Figures> {
  const server = await round.start();
  const gathering = await gather({
    target: server.target(scenario.transport),
    room: 'lobby',
    members: scenario.members,
    senders: SENDERS,
    witnesses: 2,
    texts: round.texts,
    textBytes: TEXT_BYTES,
    keys: false,
    keepEnds: true,
  });
  const arrivals = gathering.listeners.map((peer): Arrivals => {
    const kept: Arrivals = { bytes: [], times: [] };
    peer.onChunk = () => {
      kept.bytes.push(peer.bytes);
      kept.times.push(performance.now());
    };
    return kept;
  });
  await sendSteadily(gathering, scenario.rate, round.warmSeconds);
  const skipped = gathering.sent();
  const meter = round.meter(server);
  const due = await sendSteadily(gathering, scenario.rate, round.seconds);
  const cpu = meter();
  await gathering.settle();
  await gathering.close();
  const latencies = arrivals.flatMap((kept) =>
    latenciesOf(kept, gathering.witnesses[0]?.ends ?? [], skipped, due.times),
  );
  return { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), late: due.late, ...cpu };
}

/** Sends at even distances, by the clock and not by the answers; tells when each message was due. */
async function sendSteadily(
  gathering: Gathering,
  rate: number,
  seconds: number,
): Promise<{ readonly times: readonly number[]; readonly late: number }> {
  const begin = performance.now();
  const total = Math.round(rate * seconds);
  const times = Array.from({ length: total }, (_, i) => begin + (i * 1000) / rate);
  let sent = 0;
  let late = 0;
  return new Promise((resolve) => {
    const tick = (): void => {
      const now = performance.now();
      for (let due = times[sent]; due !== undefined && due <= now; due = times[sent]) {
        gathering.senders[sent % gathering.senders.length]?.send(1);
        late = Math.max(late, now - due);
        sent++;
      }
      const next = times[sent];
      if (next === undefined) return resolve({ times, late });
      setTimeout(tick, next - now);
    };
    tick();
  });
}

/** When the member had each message, from the chunks it got and the witness's account of where each message ends. */
function latenciesOf(
  kept: Arrivals,
  ends: readonly number[],
  skipped: number,
  due: readonly number[],
): number[] {
  const out: number[] = [];
  let chunk = 0;
  for (const [i, dueAt] of due.entries()) {
    const end = ends[skipped + i] ?? Number.POSITIVE_INFINITY;
    while ((kept.bytes[chunk] ?? Number.POSITIVE_INFINITY) < end) chunk++;
    const time = kept.times[chunk];
    if (time !== undefined) out.push(time - dueAt);
  }
  return out;
}
