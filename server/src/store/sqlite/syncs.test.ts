/**
 * That a commit is really synced cannot be seen by killing the process: the
 * system keeps what was written. So the calls are counted, from outside, by
 * strace. Without it the test is skipped and says so.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createTestFile } from './test-file.ts';

const COMMITS = 40;

/** Commits this many entries one by one, then 500 in one turn, telling each step by a file that it tries to open. */
const script = (file: string): string => `
  import { existsSync } from 'node:fs';
  import { openSqliteStore } from ${JSON.stringify(new URL('./store.ts', import.meta.url).href)};
  const store = await openSqliteStore({ file: ${JSON.stringify(file)} });
  const room = (await store.directory.createRoom({ name: 'r', skeleton: 'r', topic: '', creator: null })).id;
  const from = { id: 'p', nick: 'n' };
  const append = () => new Promise((resolve) => store.append({ room, from, body: { kind: 'message', text: 'x', key: null } }, resolve));
  existsSync('/mark/one-by-one');
  for (let i = 0; i < ${COMMITS}; i += 1) {
    await append();
    existsSync('/mark/settled');
  }
  existsSync('/mark/together');
  await Promise.all(Array.from({ length: 500 }, append));
  existsSync('/mark/end');
  await store.close();
`;

function whyNoStrace(): string | false {
  const { error, status } = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']);
  if (error !== undefined) return 'strace is not installed, so syncs cannot be counted';
  return status === 0 ? false : 'strace may not trace here, so syncs cannot be counted';
}

test(
  'each commit is synced once before it settles, and a batch of 500 once in all',
  { skip: whyNoStrace() },
  () => {
    const { file, folder } = createTestFile();
    try {
      const trace = join(folder, 'trace');
      const watched = 'trace=fsync,fdatasync,access,faccessat,faccessat2,stat,statx,newfstatat';
      const program = join(folder, 'commits.mjs');
      writeFileSync(program, script(file));
      execFileSync('strace', ['-f', '-y', '-o', trace, '-e', watched, process.execPath, program], {
        stdio: 'pipe',
      });
      const events = readFileSync(trace, 'utf8')
        .split('\n')
        .flatMap(
          (line) =>
            /\/mark\/[\w-]+/.exec(line) ??
            (/f(data)?sync\(\d+<[^>]*room\.db-wal>/.exec(line) && ['sync']) ??
            [],
        )
        .map(String);
      const between = (from: string, to: string): string[] =>
        events.slice(events.indexOf(`/mark/${from}`) + 1, events.indexOf(`/mark/${to}`));
      const oneByOne = Array.from({ length: COMMITS }, () => ['sync', '/mark/settled']).flat();
      assert.deepEqual(between('one-by-one', 'together'), oneByOne);
      assert.deepEqual(between('together', 'end'), ['sync']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
