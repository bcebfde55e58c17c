import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { append, appendAll, edit, endPage, erase, makeRoom, ming, say } from '../contract/fixture.ts';
import { createTestClock, type TestClock } from '../contract/fixture.ts';
import type { Store } from '../port.ts';
import { openSqliteStore } from './store.ts';
import { createTestFile } from './test-file.ts';

/** A text made of marks, each of which can be found anywhere in a file: `[of.part]`. */
const marked = (of: string, parts: number): string =>
  Array.from({ length: parts }, (_, part) => `[茶${of}.${part}]茶茶茶茶茶茶`).join('');

/** The texts of which any mark is in any file of the folder. */
function textsIn(folder: string): Set<string> {
  const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString('utf8'));
  return new Set(bytes.flatMap((text) => [...text.matchAll(/\[茶(\w+)\.\d+\]/g)].map(([, of]) => of!)));
}

interface Erasing {
  readonly store: Store;
  readonly clock: TestClock;
  readonly folder: string;
}

async function withStore(run: (erasing: Erasing) => Promise<void>): Promise<void> {
  const { file, folder } = createTestFile();
  const clock = createTestClock();
  const store = await openSqliteStore({ file, clock });
  try {
    await run({ store, clock, folder });
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

/** Lets the second pass that is promised. Each write comes back after what the writer was asked before it. */
async function passSecond({ store, clock }: Erasing): Promise<void> {
  for (let passed = 0; passed < 1_000; passed += 50) {
    clock.advance(50);
    await store.directory.renamePerson('nobody', '');
  }
}

describe('erasing', () => {
  test('H2 within a second of a deletion no byte of the text is in any file, nor of its edits', () =>
    withStore(async (erasing) => {
      const { store, folder } = erasing;
      const room = await makeRoom(store, 'lobby');
      await appendAll(store, room, ming, [
        say(marked('kept', 9)),
        say(marked('first', 9)),
        edit(2, marked('second', 900)),
        edit(2, marked('third', 1)),
      ]);
      assert.deepEqual(textsIn(folder), new Set(['kept', 'first', 'second', 'third']));
      // A page that ends early must not keep its snapshot, and with it the old pages.
      await store.history(room, { ...endPage, position: { around: 2 }, limit: 1 });
      await append(store, { room, from: ming, body: erase(2) });
      await passSecond(erasing);
      assert.deepEqual(textsIn(folder), new Set(['kept']));
      const { entries } = await store.history(room, endPage);
      assert.deepEqual(
        entries.map(({ seq }) => seq),
        [1, 2],
      );
    }));

  test('H2 nothing is left of any of many deleted texts, however rows were written around them', () =>
    withStore(async (erasing) => {
      const { store, folder } = erasing;
      const rooms = [await makeRoom(store, 'a'), await makeRoom(store, 'b'), await makeRoom(store, 'c')];
      const texts = Array.from({ length: 6_000 }, (_, i) => ({
        of: `t${i}`,
        draft: { room: rooms[(i * 7) % 3]!, from: ming },
        parts: i % 97 === 0 ? 900 : 1 + ((i * 31) % 23),
      }));
      const written = await Promise.all(
        texts.map(async ({ of, draft, parts }) => {
          const outcome = await append(store, { ...draft, body: say(marked(of, parts), of) });
          return { of, draft, seq: outcome.ok ? outcome.seq : 0 };
        }),
      );
      // In waves, so that rows that stay would be moved by those that go if sizes changed, and then go too.
      let kept = written;
      for (const wave of [2, 3, 4, 5]) {
        const goes = (_: unknown, i: number): boolean => i % wave !== 0;
        const going = kept.filter(goes);
        kept = kept.filter((one, i) => !goes(one, i));
        for (const { of, draft, seq } of going) {
          store.append({ ...draft, body: edit(seq, marked(`${of}e`, 5)) }, () => undefined);
        }
        await Promise.all(going.map(({ draft, seq }) => append(store, { ...draft, body: erase(seq) })));
      }
      await passSecond(erasing);
      assert.deepEqual(textsIn(folder), new Set(kept.map(({ of }) => of)));
    }));

  test('H2 what was deleted just before a crash is erased when the store opens again', () =>
    withStore(async (erasing) => {
      const { store, folder } = erasing;
      const room = await makeRoom(store, 'lobby');
      await append(store, { room, from: ming, body: say(marked('secret', 9)) });
      await append(store, { room, from: ming, body: erase(1) });
      const crashed = createTestFile();
      try {
        for (const end of ['', '-wal'])
          copyFileSync(`${join(folder, 'room.db')}${end}`, `${crashed.file}${end}`);
        assert.ok(textsIn(crashed.folder).has('secret'));
        const again = await openSqliteStore({ file: crashed.file });
        const left = textsIn(crashed.folder);
        await again.close();
        assert.deepEqual(left, new Set());
      } finally {
        rmSync(crashed.folder, { recursive: true });
      }
    }));
});
