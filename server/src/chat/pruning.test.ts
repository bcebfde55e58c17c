import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';

import { createMemoryStore } from '../store/memory.ts';
import { connect, createChat, logIn, type ChatOptions } from './index.ts';

const DAY_MS = 86_400_000;
const rate = { perSecond: Infinity, burst: Infinity };

test('LOGIN-3 a session unused for 30 days is forgotten, and one in use is not, however long ago its login was', async () => {
  let now = Date.parse('2026-01-01T00:00:00Z');
  const timers: { task: () => void; ms: number }[] = [];
  const store = createMemoryStore({
    clock: { now: () => now, after: () => () => undefined },
    random: randomBytes,
  });
  const options: ChatOptions = {
    store,
    limits: {
      textBytes: 1_000,
      topicBytes: 100,
      replayEntries: 10,
      pageBytes: 10_000,
      historyRows: 10,
      roomsPerPerson: 10,
      rooms: 10,
      presencePeople: 10,
      holdSeconds: 60,
      sessionMs: 30 * DAY_MS,
    },
    rates: { send: rate, join: rate, nick: rate, typing: rate, history: rate, create: rate, requests: rate },
    now: () => now,
    setTimer(task, ms) {
      timers.push({ task, ms });
      return () => undefined;
    },
    randomBytes,
    endOfTurn: setImmediate,
    holdsOf: () => 0,
    observe: () => undefined,
    lobbyTopic: '',
  };
  const core = await createChat(options);
  const receiver = { deliver: () => undefined, signal: () => undefined, end: () => undefined };
  const come = (request: object) => logIn(core, connect(core, receiver, 'tcp', '192.0.2.1'), request);
  const gone = await come({ nick: 'gone' });
  const here = await come({ nick: 'here' });
  assert.ok(gone.ok && here.ok);
  for (const connection of core.connections)
    if (connection.person?.nick === 'gone') connection.session = null;
  for (let day = 0; day <= 31; day += 1) {
    now += DAY_MS;
    timers.splice(0).forEach(({ task }) => task());
    while (timers.length === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const back = async (session: string | null) => (await come({ session: session ?? '' })).ok;
  assert.deepEqual([await back(gone.session), await back(here.session)], [false, true]);
});
