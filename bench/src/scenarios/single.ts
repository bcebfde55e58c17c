import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { createAsker, timeAnswers } from '../load/asker.ts';
import { enter, nickOf } from '../load/gathering.ts';
import { median, quantile, type Figures } from '../metrics.ts';
import type { Single } from '../scenarios.ts';
import type { Round } from '../round.ts';

const TEXT_BYTES = 100;
/** Until SQLite's log has its full length and is written over: before that each sync also writes the file's new size, at five times the cost. */
const WARM = 1_500;
const SAMPLES = 400;
/** Sends, pings and commits take turns, so that a slow disk is slow for all. */
const TURNS = 4;

/** What a send costs beyond what it cannot do without: one commit that is synced, and one way there and back. */
export async function runSingle(_scenario: Single, round: Round): Promise<Figures> {
  const server = await round.start();
  const asker = createAsker(await enter(server.target('tcp'), nickOf(0), 'lobby'));
  const texts = round.texts.cut(TEXT_BYTES);
  const text = (i: number): string => texts[i % texts.length] ?? '';
  const send = (i: number): Readonly<Record<string, unknown>> => ({
    type: 'send',
    room: 'lobby',
    text: text(i),
  });
  const commit = openBareStore(join(server.dataFolder, 'bare.db'));
  await timeAnswers(asker, WARM, send);
  for (let i = 0; i < WARM; i++) commit(text(i));
  const meter = round.meter(server);
  const sends: number[] = [];
  const pings: number[] = [];
  const commits: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    sends.push(...(await timeAnswers(asker, SAMPLES / TURNS, send)));
    pings.push(...(await timeAnswers(asker, SAMPLES / TURNS, () => ({ type: 'ping' }))));
    for (let i = 0; i < SAMPLES / TURNS; i++) commits.push(commit(text(i)));
  }
  const [p50, ping, bare] = [median(sends), median(pings), median(commits)];
  return {
    p50,
    p99: quantile(sends, 0.99),
    commit: bare,
    ping,
    ratio: p50 / (bare + ping),
    otherCpu: meter().otherCpu ?? Number.NaN,
  };
}

/** A database with the same durability as the server's; the function commits one row and tells the milliseconds. */
function openBareStore(path: string): (text: string) => number {
  const database = new DatabaseSync(path);
  database.exec(
    'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE entry (seq INTEGER PRIMARY KEY, time INTEGER, text TEXT)',
  );
  const insert = database.prepare('INSERT INTO entry (time, text) VALUES (?, ?)');
  return (text) => {
    const begin = performance.now();
    insert.run(Date.now(), text);
    return performance.now() - begin;
  };
}
