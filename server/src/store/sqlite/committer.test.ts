import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createTestClock } from '../contract.ts';
import { ada, say } from '../contract/fixture.ts';
import { createCommitter } from './committer.ts';
import { DRAFT_FIELDS, type Packed } from './rows.ts';
import type { Committed } from './write-batch.ts';

/** A committer whose turns and commits a test ends one by one, and what it did, in order. */
function createStepped() {
  const happened: string[] = [];
  const turns: (() => void)[] = [];
  const commits: { drafts: number; resolve: (result: Committed) => void; reject: (error: Error) => void }[] =
    [];
  let seq = 0;
  let elapsed = 0;
  const committer = createCommitter({
    clock: createTestClock(),
    elapsed: () => elapsed,
    endOfTurn: (run) => void turns.push(run),
    commit: (_now, packed: Packed) => {
      const drafts = packed.length / (1 + DRAFT_FIELDS);
      happened.push(`post ${drafts}`);
      return new Promise((resolve, reject) => commits.push({ drafts, resolve, reject }));
    },
    onEnd: () => undefined,
    onTrouble: (sentence) => happened.push(sentence),
  });
  const endTurn = (): void => {
    for (const run of turns.splice(0)) run();
  };
  return {
    happened,
    endTurn,
    /** Lets so many milliseconds go by. */
    pass: (ms: number): void => void (elapsed += ms),
    append: (name: string): void =>
      committer.append({ room: 1, from: ada, body: say(name) }, () => happened.push(name)),
    appendAnd: (settle: () => void): void => committer.append({ room: 1, from: ada, body: say('x') }, settle),
    /** Ends the commit that runs, which took so many milliseconds. */
    async commit(took = 1_000): Promise<void> {
      const { drafts, resolve } = commits.shift()!;
      const outcomes = new Float64Array(Array.from({ length: drafts }, () => [(seq += 1), 1]).flat());
      resolve({ outcomes, answers: [], troubles: [], took, wrote: true, erased: false });
      await Promise.resolve();
      await Promise.resolve();
    },
    async fail(): Promise<void> {
      commits.shift()!.reject(new Error('full'));
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

describe('group commit', () => {
  test('what is handed over in one turn goes as one batch, at its end', () => {
    const { append, endTurn, happened } = createStepped();
    append('a');
    append('b');
    assert.deepEqual(happened, []);
    endTurn();
    assert.deepEqual(happened, ['post 2']);
  });

  test('what comes while a batch commits goes as the next one when it returns, and nothing settles before its own commit', async () => {
    const { append, endTurn, commit, happened } = createStepped();
    append('a');
    endTurn();
    append('b');
    append('c');
    endTurn();
    assert.deepEqual(happened, ['post 1']);
    await commit();
    endTurn();
    endTurn();
    assert.deepEqual(happened, ['post 1', 'a', 'post 2']);
    await commit();
    assert.deepEqual(happened, ['post 1', 'a', 'post 2', 'b', 'c']);
  });

  test('while each turn brings more, a batch waits for one turn after the other, as long as the last commit took', async () => {
    const { append, endTurn, commit, happened } = createStepped();
    append('first');
    endTurn();
    await commit(60_000);
    happened.length = 0;
    for (const turn of ['a', 'b', 'c']) {
      append(turn);
      append(turn);
      endTurn();
      assert.deepEqual(happened, []);
    }
    endTurn();
    assert.deepEqual(happened, ['post 6']);
    await commit(0);
    happened.length = 0;
    append('d');
    append('e');
    endTurn();
    assert.deepEqual(happened, ['post 2']);
  });

  test('a batch that grows without end is posted all the same', async () => {
    const { append, endTurn, pass, commit, happened } = createStepped();
    append('first');
    endTurn();
    await commit(60_000);
    happened.length = 0;
    for (let turn = 0; turn < 5; turn += 1) {
      append('more');
      append('more');
      pass(1);
      endTurn();
    }
    assert.deepEqual(happened, ['post 8']);
  });

  test('a single draft waits for no further turn', async () => {
    const { append, endTurn, commit, happened } = createStepped();
    append('first');
    endTurn();
    await commit(60_000);
    append('second');
    endTurn();
    assert.equal(happened.at(-1), 'post 1');
  });

  test('where a commit is quicker than settling, finished batches wait for two more at most, then settle in order', async () => {
    const { append, appendAnd, endTurn, pass, commit, happened } = createStepped();
    appendAnd(() => pass(5));
    endTurn();
    await commit();
    endTurn();
    happened.length = 0;
    append('a');
    endTurn();
    for (const next of ['b', 'c', 'd']) {
      append(next);
      await commit(1);
    }
    assert.deepEqual(happened, ['post 1', 'post 1', 'post 1', 'a', 'b', 'c']);
    endTurn();
    assert.equal(happened.at(-1), 'post 1');
    append('e');
    await commit(6_000);
    endTurn();
    assert.deepEqual(happened.slice(7), ['d', 'post 1']);
  });

  test('a commit that fails settles what waited before it, and what it held as unavailable', async () => {
    const { appendAnd, append, endTurn, commit, fail, happened } = createStepped();
    appendAnd(() => happened.push('first'));
    endTurn();
    append('second');
    await fail();
    endTurn();
    assert.deepEqual(happened, ['post 1', 'first', 'post 1']);
    await commit();
    assert.deepEqual(happened.at(-1), 'second');
  });

  test('a taker that throws does not keep the others from their outcome', async () => {
    const { append, appendAnd, endTurn, commit, happened } = createStepped();
    appendAnd(() => {
      throw new Error('taker');
    });
    append('after');
    endTurn();
    await commit();
    assert.deepEqual(happened, ['post 2', 'An entry was stored, but what comes after it failed.', 'after']);
  });
});
