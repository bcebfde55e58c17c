import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Entry, FoldedEntry, HistoryQuery } from '../port.ts';
import {
  ada,
  append,
  appendAll,
  edit,
  endPage,
  erase,
  makeRoom,
  ming,
  say,
  storeTest,
  wholeRange,
} from './fixture.ts';
import type { OpenFixture } from './fixture.ts';

const textOf = (entry: Entry): string | null => ('text' in entry ? entry.text : null);
const seqsOf = (entries: readonly Entry[]): number[] => entries.map(({ seq }) => seq);
const count = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

export function describeHistory(open: OpenFixture): void {
  describe('reading', () => {
    describeReplay(open);
    describeFolding(open);
    describePages(open);
  });
}

function describeReplay(open: OpenFixture): void {
  storeTest(open, 'every kind of entry is read as it went out', async ({ store, clock }, room) => {
    const bodies = [
      say('hello', 'k'),
      say('一杯茶 🍵 \u0000 \u001b[31m'),
      edit(1, 'hello!'),
      { kind: 'topic', topic: 'tea' },
      { kind: 'nick', nick: 'Countess' },
      { kind: 'enter' },
      { kind: 'leave', reason: 'supper' },
      { kind: 'leave', reason: null },
      { kind: 'moderation', action: 'kick', target: ming, reason: 'noise' },
      { kind: 'moderation', action: 'kick', target: ming, reason: null },
      say(''),
      erase(11),
    ] as const;
    await appendAll(store, room, ada, bodies);
    const expected = bodies.map((body, i) => ({ ...body, seq: i + 1, time: clock.now(), from: ada }));
    const read = await store.read(room, wholeRange);
    assert.deepEqual(read, expected.with(10, { ...expected[10]!, text: null } as (typeof expected)[0]));
  });

  storeTest(
    open,
    'a range keeps to its ends, its rows and its bytes, cut where it says',
    async ({ store }, room) => {
      await appendAll(
        store,
        room,
        ada,
        count(1, 20).map((i) => say(`茶${String(i).padStart(7, '0')}`)),
      );
      const read = async (part: object): Promise<number[]> =>
        seqsOf(await store.read(room, { ...wholeRange, ...part }));
      assert.deepEqual(await read({ from: 5, to: 7 }), [5, 6, 7]);
      assert.deepEqual(await read({ from: 0, to: 2 }), [1, 2]);
      assert.deepEqual(await read({ from: 19, to: 99 }), [19, 20]);
      assert.deepEqual(await read({ from: 21 }), []);
      assert.deepEqual(await read({ limit: 3 }), [1, 2, 3]);
      assert.deepEqual(await read({ limit: 3, cut: 'oldest' }), [18, 19, 20]);
      assert.deepEqual(await read({ to: 9, limit: 3, cut: 'oldest' }), [7, 8, 9]);
      assert.deepEqual(await read({ bytes: 20 }), [1, 2]);
      assert.deepEqual(await read({ bytes: 19, cut: 'oldest' }), [20]);
      assert.deepEqual(await read({ bytes: 1 }), [1]);
      assert.deepEqual(await store.read(999, wholeRange), []);
    },
  );
}

function describeFolding(open: OpenFixture): void {
  storeTest(
    open,
    "history shows a message's newest text, and when it was edited; a replay shows each text",
    async ({ store, clock }, room) => {
      await appendAll(store, room, ada, [say('one'), say('two'), edit(1, 'one and a half')]);
      clock.advance(5_000);
      await append(store, { room, from: ada, body: edit(1, 'one at last') });
      const page = await store.history(room, endPage);
      const shown = page.entries.map((entry) => [entry.seq, textOf(entry), entry.edited]);
      assert.deepEqual(shown, [
        [1, 'one at last', clock.now()],
        [2, 'two', null],
      ]);
      assert.equal(page.asOf, 4);
      const raw = (await store.read(room, wholeRange)).map(textOf);
      assert.deepEqual(raw, ['one', 'two', 'one and a half', 'one at last']);
    },
  );

  storeTest(
    open,
    'after a deletion neither the message nor any edit of it has its text',
    async ({ store }, room) => {
      await appendAll(store, room, ada, [
        say('secret', 'k'),
        edit(1, 'secret 2'),
        edit(1, 'secret 3'),
        say('kept'),
        erase(1),
      ]);
      const page = await store.history(room, { ...endPage, kinds: ['message', 'edit', 'delete'] });
      assert.deepEqual(page.entries.map(textOf), [null, null, null, 'kept', null]);
      assert.deepEqual(
        page.entries.map(({ edited }) => edited),
        [null, null, null, null, null],
      );
      const raw = await store.read(room, wholeRange);
      assert.deepEqual(raw.map(textOf), [null, null, null, 'kept', null]);
      assert.deepEqual(
        raw.map(({ kind }) => kind),
        ['message', 'edit', 'edit', 'message', 'delete'],
      );
    },
  );
}

function describePages(open: OpenFixture): void {
  storeTest(
    open,
    'pages by seq are contiguous, oldest first, and say whether more lies beyond',
    async ({ store }, room) => {
      await appendAll(
        store,
        room,
        ada,
        count(1, 20).map((i) => say(`text ${i}`)),
      );
      const page = async (position: HistoryQuery['position'], limit = 5): Promise<[number[], boolean]> => {
        const { entries, more, asOf } = await store.history(room, { ...endPage, position, limit });
        assert.equal(asOf, 20);
        return [seqsOf(entries), more];
      };
      assert.deepEqual(await page({ at: 'end' }), [count(16, 20), true]);
      assert.deepEqual(await page({ at: 'end' }, 20), [count(1, 20), false]);
      assert.deepEqual(await page({ before: 6 }), [count(1, 5), false]);
      assert.deepEqual(await page({ before: 7 }), [count(2, 6), true]);
      assert.deepEqual(await page({ before: 1 }), [[], false]);
      assert.deepEqual(await page({ before: 99 }), [count(16, 20), true]);
      assert.deepEqual(await page({ after: 0 }), [count(1, 5), true]);
      assert.deepEqual(await page({ after: 15 }), [count(16, 20), false]);
      assert.deepEqual(await page({ after: 99 }), [[], false]);
      assert.deepEqual(await page({ around: 10 }), [count(8, 12), true]);
      assert.deepEqual(await page({ around: 1 }), [count(1, 5), true]);
      assert.deepEqual(await page({ around: 20 }), [count(16, 20), true]);
      assert.deepEqual(await page({ around: 99 }), [count(16, 20), true]);
      assert.deepEqual(await page({ around: 10 }, 20), [count(1, 20), false]);
      assert.deepEqual(await store.history(999, endPage), { entries: [], more: false, asOf: 0 });
    },
  );

  storeTest(
    open,
    'a page by time begins with the first entry at or after it',
    async ({ store, clock }, room) => {
      const start = clock.now();
      for (const wait of [0, 10, 0, 0, 10, 10]) {
        clock.advance(wait);
        await append(store, { room, from: ada, body: say('x') });
      }
      const page = async (time: number): Promise<number[]> =>
        seqsOf((await store.history(room, { ...endPage, position: { time }, limit: 2 })).entries);
      assert.deepEqual(await page(0), [1, 2]);
      assert.deepEqual(await page(start), [1, 2]);
      assert.deepEqual(await page(start + 1), [2, 3]);
      assert.deepEqual(await page(start + 10), [2, 3]);
      assert.deepEqual(await page(start + 11), [5, 6]);
      assert.deepEqual(await page(start + 30), [6]);
      assert.deepEqual(await page(start + 31), []);
    },
  );

  storeTest(open, 'a page holds only the kinds asked for, and counts only them', async ({ store }, room) => {
    await appendAll(store, room, ada, [
      { kind: 'enter' },
      say('a'),
      edit(2, 'b'),
      say('c'),
      erase(4),
      { kind: 'topic', topic: 't' },
      say('d'),
    ]);
    const page = async (kinds: HistoryQuery['kinds'], limit: number): Promise<[number[], boolean]> => {
      const { entries, more } = await store.history(room, { ...endPage, kinds, limit });
      return [seqsOf(entries), more];
    };
    assert.deepEqual(await page(['message'], 2), [[4, 7], true]);
    assert.deepEqual(await page(['message', 'topic'], 9), [[2, 4, 6, 7], false]);
    assert.deepEqual(await page(['enter'], 1), [[1], false]);
    assert.deepEqual(await page([], 9), [[], false]);
    assert.deepEqual(await page(endPage.kinds, 4), [[2, 4, 6, 7], true]);
  });

  storeTest(
    open,
    'a page ends at its bytes, counted in the text that it shows, and shows one row at least',
    async ({ store }, room) => {
      const other = await makeRoom(store, 'other');
      await appendAll(store, room, ada, [
        say('x'.repeat(100)),
        say('茶'.repeat(40)),
        say('short'),
        edit(3, 'y'.repeat(100)),
        say('z'.repeat(10)),
      ]);
      await append(store, { room: other, from: ada, body: { kind: 'topic', topic: 'not here' } });
      const page = async (
        position: HistoryQuery['position'],
        bytes: number,
      ): Promise<[number[], boolean]> => {
        const { entries, more } = await store.history(room, { ...endPage, position, bytes });
        return [seqsOf(entries), more];
      };
      assert.deepEqual(await page({ at: 'end' }, 110), [[3, 5], true]);
      assert.deepEqual(await page({ at: 'end' }, 109), [[5], true]);
      assert.deepEqual(await page({ at: 'end' }, 330), [[1, 2, 3, 5], false]);
      assert.deepEqual(await page({ after: 0 }, 1), [[1], true]);
      assert.deepEqual(await page({ around: 3 }, 220), [[2, 3], true]);
      const shown = await store.history(room, { ...endPage, bytes: 110 });
      assert.equal(textOf(shown.entries[0] as FoldedEntry), 'y'.repeat(100));
    },
  );
}
