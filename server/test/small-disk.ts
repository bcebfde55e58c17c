/** A disk that is really full: a small tmpfs, which only root may mount. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

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

/** Runs something on a disk of this size, which goes with it; skips the test, with the reason, where there can be none. */
export async function withSmallDisk(
  t: TestContext,
  kilobytes: number,
  run: (folder: string) => Promise<void>,
): Promise<void> {
  const disk = mountSmallDisk(kilobytes);
  if ('why' in disk) {
    t.skip(disk.why);
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
export function fillDisk(path: string): void {
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
