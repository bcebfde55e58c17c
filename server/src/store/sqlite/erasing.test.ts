import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { append, appendAll, edit, endPage, erase, makeRoom, ming, say } from '../contract/fixture.ts';
import type { Store } from '../port.ts';
import { openSqliteStore } from './store.ts';
import { createTestFile } from './test-file.ts';

/** A text made of marks, each of which can be found anywhere in a file: `[of.part]`. */
const marked = (of: string, parts: number): string =>
  Array.from({ length: parts }, (_, part) => `[茶${of}.${part}]`).join('');

/** The texts of which any mark is in any file of the folder. */
function textsIn(folder: string): Set<string> {
  const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString('utf8'));
  return new Set(bytes.flatMap((text) => [...text.matchAll(/\[茶(\w+)\.\d+\]/g)].map(([, of]) => of!)));
}

async function withStore(run: (store: Store, folder: string) => Promise<void>): Promise<void> {
  const { file, folder } = createTestFile();
  const store = await openSqliteStore({ file });
  try {
    await run(store, folder);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

/** Reads one thing after the other until no erased text is left, or the second that is promised is over. */
async function leftAfterASecond(store: Store, folder: string, gone: readonly string[]): Promise<string[]> {
  const end = performance.now() + 1_000;
  for (;;) {
    const there = textsIn(folder);
    const left = gone.filter((of) => there.has(of));
    if (left.length === 0 || performance.now() > end) return left;
    await store.directory.rooms();
  }
}

describe('erasing', () => {
  test('H2 within a second of a deletion no byte of the text is in any file, nor of its edits', () =>
    withStore(async (store, folder) => {
      const room = await makeRoom(store, 'lobby');
      await appendAll(store, room, ming, [
        say(marked('kept', 9)),
        say(marked('first', 9)),
        edit(2, marked('second', 900)),
        edit(2, marked('third', 1)),
      ]);
      assert.deepEqual(textsIn(folder), new Set(['kept', 'first', 'second', 'third']));
      await append(store, { room, from: ming, body: erase(2) });
      assert.deepEqual(await leftAfterASecond(store, folder, ['first', 'second', 'third']), []);
      assert.deepEqual(textsIn(folder), new Set(['kept']));
      const { entries } = await store.history(room, endPage);
      assert.deepEqual(
        entries.map(({ seq }) => seq),
        [1, 2],
      );
    }));

  test('H2 nothing is left of any of many deleted texts, however rows were written around them', () =>
    withStore(async (store, folder) => {
      const rooms = [await makeRoom(store, 'a'), await makeRoom(store, 'b'), await makeRoom(store, 'c')];
      const texts = Array.from({ length: 6_000 }, (_, i) => ({
        of: `t${i}`,
        room: rooms[(i * 7) % 3]!,
        parts: i % 97 === 0 ? 900 : 1 + ((i * 31) % 23),
      }));
      const outcomes = await Promise.all(
        texts.map(({ of, room, parts }) =>
          append(store, { room, from: ming, body: say(marked(of, parts), of) }),
        ),
      );
      const deleted = texts.flatMap(({ of, room }, i) => {
        const outcome = outcomes[i]!;
        return outcome.ok && i % 5 < 2 ? [{ of, room, seq: outcome.seq }] : [];
      });
      await Promise.all(
        deleted.map(({ of, room, seq }) =>
          append(store, { room, from: ming, body: edit(seq, marked(`${of}e`, 5)) }),
        ),
      );
      await Promise.all(
        deleted.map(({ room, seq }) => append(store, { room, from: ming, body: erase(seq) })),
      );
      const gone = deleted.flatMap(({ of }) => [of, `${of}e`]);
      assert.deepEqual(await leftAfterASecond(store, folder, gone), []);
      assert.equal(textsIn(folder).size, texts.length - deleted.length);
    }));

  test('H2 what was deleted just before a crash is erased when the store opens again', () =>
    withStore(async (store, folder) => {
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
