import { createAsker, timeAnswers, type Asker } from '../load/asker.ts';
import { enter, gather, nickOf } from '../load/gathering.ts';
import { median, quantile, type Figures } from '../metrics.ts';
import type { LongRoom } from '../scenarios.ts';
import type { Server } from '../server.ts';
import type { Round } from '../round.ts';

const TEXT_BYTES = 100;
const WINDOW = 1000;
const EDITS = 500;
const WARM = 50;
const SAMPLES = 300;
const PAGE_ROWS = 50;

/** Fills a room with messages, edits and deletions, then joins it and pages through it at places chosen by a fixed sequence. */
export async function runLongRoom(scenario: LongRoom, round: Round): Promise<Figures> {
  const server = await round.start();
  const seconds = await fill(server, scenario.entries, round);
  const asker = createAsker(await enter(server.target('tcp'), nickOf(1), 'lobby'));
  const place = createPlaces(scenario.entries);
  const ask = async (
    count: number,
    request: (i: number) => Readonly<Record<string, unknown>>,
  ): Promise<number[]> => {
    await timeAnswers(asker, WARM, request);
    return timeAnswers(asker, count, request);
  };
  const ping = median(await ask(SAMPLES, () => ({ type: 'ping' })));
  const joins = await ask(SAMPLES, () => ({ type: 'join', room: 'lobby' }));
  const pages = await ask(SAMPLES, (i) => ({
    type: 'history',
    room: 'lobby',
    limit: PAGE_ROWS,
    ...positionOf(i, place()),
  }));
  return {
    seedSends: scenario.entries / seconds / 1e3,
    ping,
    join: median(joins) - ping,
    joinP99: quantile(joins, 0.99) - ping,
    page: median(pages) - ping,
    pageP99: quantile(pages, 0.99) - ping,
  };
}

async function fill(server: Server, entries: number, round: Round): Promise<number> {
  const gathering = await gather({
    target: server.target('tcp'),
    room: 'lobby',
    members: 2,
    senders: 1,
    witnesses: 1,
    texts: round.texts,
    textBytes: TEXT_BYTES,
    keys: false,
    keepEnds: false,
  });
  const [sender] = gathering.senders;
  if (sender === undefined) throw new Error('nobody sends');
  const begin = performance.now();
  await new Promise<void>((resolve) => {
    sender.onAnswers = (count) => {
      if (sender.acknowledged === entries) resolve();
      const rest = Math.min(count, entries - sender.sent);
      if (rest > 0) sender.send(rest);
    };
    sender.send(Math.min(WINDOW, entries));
  });
  const seconds = (performance.now() - begin) / 1000;
  await gathering.settle();
  await gathering.close();
  await change(createAsker(await enter(server.target('tcp'), 'editor', 'lobby')), entries);
  return seconds;
}

/** Pages must fold: somebody writes, edits and takes back among the rest. */
async function change(asker: Asker, entries: number): Promise<void> {
  for (let i = 0; i < EDITS; i++) {
    const { seq } = await asker.ask({ type: 'send', room: 'lobby', text: `one of ${entries}` });
    await asker.ask({ type: 'edit', room: 'lobby', of: seq, text: 'edited' });
    if (i % 10 === 0) await asker.ask({ type: 'delete', room: 'lobby', of: seq });
  }
}

function positionOf(i: number, seq: number): Readonly<Record<string, number>> {
  switch (i % 4) {
    case 0:
      return { before: seq };
    case 1:
      return { after: seq };
    case 2:
      return { around: seq };
    default:
      return {};
  }
}

/** Places spread over the whole room, the same in each run (a linear congruential sequence). */
function createPlaces(entries: number): () => number {
  let state = 1;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return 1 + Math.floor((state / 2 ** 32) * entries);
  };
}
