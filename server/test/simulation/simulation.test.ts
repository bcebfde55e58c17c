/**
 * Whole rooms in simulated worlds, hundreds of them: the real chat, feed and
 * native front end with every order of events that chance comes upon.
 *
 * A seed that fails is printed. `SEED=123 node --test server/test/simulation/`
 * runs it alone and prints its story; `SEEDS=10000` runs that many fresh ones.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, test } from 'node:test';
import { PLANTED_BUGS } from './planted-bugs.ts';
import type { Seams } from './server.ts';
import { simulate } from './simulate.ts';

const FIXED = 400;
/** Worlds in which something was found; what it was has a test of its own in `races.test.ts`. */
const KEPT = [201_595, 205_836];
const FRESH = Number(process.env.SEEDS ?? 100);
/** Worlds in which a planted bug must show, at the latest. */
const PATIENCE = 200;

/** What at least one world of the fixed ones must have come upon, as their stories tell it. */
const COME_UPON = [
  'the server crashes',
  'the server stops',
  'the store fails: not-written',
  'the store fails: perhaps-written',
  'told kicked',
  'told server_stopping',
  'told slow_consumer',
  'told that the replay is truncated',
  'login: nick_taken',
  'login: store_unavailable',
  ': store_unavailable',
  'edit: forbidden',
  'delete: forbidden',
  'is moderation of',
] as const;

const again = (seed: number): string => `SEED=${seed} node --test server/test/simulation/simulation.test.ts`;

async function assertSound(seed: number): Promise<readonly string[]> {
  const { error, story } = await simulate(seed);
  if (error === null) return story;
  throw new Error(
    `seed ${seed}: ${error.message}\nIt went so:\n${story.slice(-60).join('\n')}\nAgain: ${again(seed)}`,
    { cause: error },
  );
}

async function keepPromises(): Promise<void> {
  const missing = new Set<string>(COME_UPON);
  for (const seed of [...Array(FIXED).keys(), ...KEPT]) {
    const story = await assertSound(seed);
    for (const event of missing) if (story.some((line) => line.includes(event))) missing.delete(event);
  }
  assert.deepEqual([...missing], [], 'the worlds are too quiet: none came upon these');
}

async function assertCaught(plant: () => Seams): Promise<void> {
  for (let seed = 0; seed < PATIENCE; seed++) if ((await simulate(seed, plant())).error !== null) return;
  assert.fail(`${PATIENCE} worlds, and nobody noticed`);
}

function describeAll(): void {
  describe('simulation', () => {
    test(
      `PROMISE-1 PROMISE-2 PROMISE-3 PROMISE-4 PROMISE-6 SEND-1 SEND-2 JOIN-9 are kept in ${FIXED} simulated worlds`,
      keepPromises,
    );

    test(`PROMISE-1 PROMISE-2 PROMISE-3 are kept in ${FRESH} worlds that were never seen before`, async () => {
      for (let world = 0; world < FRESH; world++) await assertSound(randomInt(2 ** 32));
    });

    test('one seed is one story', async () => {
      const [first, second] = [await simulate(7), await simulate(7)];
      assert.deepEqual(first.story, second.story);
      assert.notDeepEqual(first.story, (await simulate(8)).story);
    });
  });
  describe('the simulation catches what is planted', () => {
    for (const [bug, plant] of Object.entries(PLANTED_BUGS)) test(bug, () => assertCaught(plant));
  });
}

function testOne(seed: number): void {
  test(`seed ${seed}`, async () => console.log((await assertSound(seed)).join('\n')));
}

if (process.env.SEED === undefined) describeAll();
else testOne(Number(process.env.SEED));
