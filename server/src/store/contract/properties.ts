import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ENTRY_KINDS } from '@teahouse/protocol';
import fc from 'fast-check';
import { createMemoryStore } from '../memory.ts';
import type { Author, Body, Draft, HistoryQuery, Outcome, ReadRange, Store } from '../port.ts';
import { append, makeRoom, type OpenFixture } from './fixture.ts';

const people: readonly Author[] = ['a', 'b', 'c'].map((id) => ({ id: `p-${id}`, nick: id.toUpperCase() }));

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const reason = fc.option(text);
const target = fc.integer({ min: 1, max: 12 });
const person = fc.constantFrom(...people);

const body: fc.Arbitrary<Body> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('message' as const),
      text,
      key: fc.option(fc.constantFrom('k1', 'k2', 'k3')),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('edit' as const), of: target, text }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), of: target }) },
  fc.record({ kind: fc.constant('topic' as const), topic: text }),
  fc.record({ kind: fc.constant('nick' as const), nick: text }),
  fc.constant({ kind: 'enter' as const }),
  fc.record({ kind: fc.constant('leave' as const), reason }),
  fc.record({
    kind: fc.constant('moderation' as const),
    action: fc.constant('kick' as const),
    target: person,
    reason,
  }),
);

/** What happens: a draft for one of two rooms, or time passing; `settle` waits before the next. */
const step = fc.record({
  room: fc.constantFrom(0, 1),
  from: person,
  body,
  hold: fc.boolean(),
  pass: fc.oneof(
    { weight: 5, arbitrary: fc.constant(0) },
    fc.integer({ min: -50, max: 50 }),
    fc.constant(86_400_000),
  ),
  settle: fc.boolean(),
});

const position: fc.Arbitrary<HistoryQuery['position']> = fc.oneof(
  fc.constant({ at: 'end' as const }),
  fc.record({ before: fc.integer({ min: 0, max: 40 }) }),
  fc.record({ after: fc.integer({ min: 0, max: 40 }) }),
  fc.record({ around: fc.integer({ min: 0, max: 40 }) }),
  fc.record({ time: fc.integer({ min: -100, max: 100 }) }),
);

const query = fc.record({
  position,
  limit: fc.integer({ min: 1, max: 8 }),
  bytes: fc.integer({ min: 0, max: 80 }),
  kinds: fc.subarray([...ENTRY_KINDS]),
});

const range: fc.Arbitrary<ReadRange> = fc.record({
  from: fc.integer({ min: 0, max: 40 }),
  to: fc.integer({ min: 0, max: 40 }),
  limit: fc.integer({ min: 1, max: 8 }),
  bytes: fc.integer({ min: 0, max: 80 }),
  cut: fc.constantFrom('oldest', 'newest'),
});

const questions = { queries: fc.array(query, { maxLength: 8 }), ranges: fc.array(range, { maxLength: 8 }) };

/** Times in a query count from the start of the run. */
function startingAt(start: number, asked: HistoryQuery): HistoryQuery {
  return 'time' in asked.position ? { ...asked, position: { time: start + asked.position.time } } : asked;
}

export function describeProperties(open: OpenFixture): void {
  describe('any history of writes', () => {
    test('ends, answers and reads as in the model', async () => {
      const fixture = await open();
      const { store, clock } = fixture;
      const model = createMemoryStore({ clock, random: (bytes) => new Uint8Array(bytes) });
      let runs = 0;
      const property = fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.record(questions),
        async (steps, asked) => {
          runs += 1;
          const start = clock.now();
          const rooms: number[] = [];
          for (const name of [`${runs}-left`, `${runs}-right`]) {
            rooms.push(await makeRoom(store, name));
            assert.equal(await makeRoom(model, name), rooms.at(-1));
          }
          const outcomes: Promise<readonly Outcome[]>[] = [];
          for (const { room, from, body: what, hold, pass, settle } of steps) {
            const draft: Draft = { room: rooms[room]!, from, body: what, hold };
            const both = Promise.all([append(store, draft), append(model, draft)]);
            outcomes.push(both);
            if (settle || pass !== 0) await Promise.all(outcomes);
            clock.advance(pass);
          }
          for (const [real, modelled] of await Promise.all(outcomes)) assert.deepEqual(real, modelled);
          for (const room of rooms) await compare(store, model, room, start, asked.queries, asked.ranges);
        },
      );
      try {
        await fc.assert(property, { numRuns: 150 });
      } finally {
        await model.close();
        await fixture.tidy();
      }
    });
  });
}

async function compare(
  store: Store,
  model: Store,
  room: number,
  start: number,
  queries: readonly HistoryQuery[],
  ranges: readonly ReadRange[],
): Promise<void> {
  const ask = async (from: Store): Promise<unknown[]> => {
    const pages = await Promise.all(queries.map((asked) => from.history(room, startingAt(start, asked))));
    const replays = await Promise.all(ranges.map((asked) => from.read(room, asked)));
    const whole = await from.read(room, { from: 1, to: 100, limit: 100, bytes: 100_000, cut: 'newest' });
    const markers = await Promise.all(
      people.map(({ id }) => from.directory.markRead(id, room, id.charCodeAt(2) % 9)),
    );
    const unread = await Promise.all(people.map((one) => from.directory.unread(one, [room])));
    const state = await from.open(room);
    const heads = await from.heads([room]);
    return [pages, replays, whole, markers, unread, state, heads];
  };
  assert.deepEqual(await ask(store), await ask(model));
}
