/**
 * A disk that is really full: a small tmpfs, which only root may mount. What
 * needs no root (a limit on the file's pages) is in the store's own tests.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { ada, append, appendAll, makeRoom, say, wholeRange } from '../../src/store/contract/fixture.ts';
import type { Outcome } from '../../src/store/port.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';

/** Mounts a disk of this many kilobytes, or answers why it cannot. */
function mountSmallDisk(kilobytes: number): { folder: string } | { why: string } {
  if (process.platform !== 'linux') return { why: 'a small disk is mounted on Linux only' };
  if (process.getuid?.() !== 0) return { why: 'mounting a small disk needs root' };
  const folder = mkdtempSync(join(tmpdir(), 'teahouse-full-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'teahouse-full', folder], {
      stdio: 'pipe',
    });
    return { folder };
  } catch (error) {
    rmdirSync(folder);
    return {
      why: `a small disk cannot be mounted: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

async function withSmallDisk(
  context: TestContext,
  kilobytes: number,
  run: (folder: string) => Promise<void>,
): Promise<void> {
  const disk = mountSmallDisk(kilobytes);
  if ('why' in disk) {
    context.skip(disk.why);
    return;
  }
  try {
    await run(disk.folder);
  } finally {
    execFileSync('umount', ['-l', disk.folder]);
    rmdirSync(disk.folder);
  }
}

/** Writes a file until no byte more fits. */
function fillDisk(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (let size = 65_536; size >= 1; size /= 2) {
      try {
        for (;;) writeSync(file, Buffer.alloc(size));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(file);
  }
}

describe('a full disk', () => {
  test('F11 senders are told, readers go on, nothing half is there, and writing works again when there is room', (context) =>
    withSmallDisk(context, 4_096, async (folder) => {
      const told = new Map<string, () => void>();
      const until = (sentence: string): Promise<void> =>
        new Promise((resolve) => told.set(sentence, resolve));
      const store = await openSqliteStore({
        file: join(folder, 'room.db'),
        onTrouble: (sentence) => told.get(sentence)?.(),
      });
      try {
        const room = await makeRoom(store, 'lobby');
        const acknowledged = [await append(store, { room, from: ada, body: say('before', 'k0') })];
        fillDisk(join(folder, 'filler'));

        const recovered = until('The database can be written again.');
        const refused: Outcome[] = [];
        let keys = 0;
        while (store.healthy) {
          const bodies = Array.from({ length: 20 }, () => say('x'.repeat(2_000), `k${(keys += 1)}`));
          const outcomes = await appendAll(store, room, ada, bodies);
          acknowledged.push(...outcomes.filter(({ ok }) => ok));
          refused.push(...outcomes.filter(({ ok }) => !ok));
        }
        assert.ok(refused.length > 0);
        assert.deepEqual(refused[0], { ok: false, why: 'unavailable' });
        const there = (await store.read(room, wholeRange)).map(({ seq }) => seq);
        assert.deepEqual(
          there,
          acknowledged.map((outcome) => outcome.ok && outcome.seq),
        );

        rmSync(join(folder, 'filler'));
        await recovered;
        assert.equal(store.healthy, true);
        const again = await append(store, { room, from: ada, body: say('x'.repeat(2_000), `k${keys}`) });
        assert.deepEqual(again.ok && [again.seq, again.repeated], [there.length + 1, false]);
        const first = await append(store, { room, from: ada, body: say('before', 'k0') });
        assert.deepEqual(first, { ...acknowledged[0], repeated: true });
        assert.equal((await store.read(room, wholeRange)).length, there.length + 1);
      } finally {
        await store.close();
      }
    }));
});
