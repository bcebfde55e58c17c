import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for one test, with the place of a database in it. The test removes the folder. */
export function createTestFile(): { folder: string; file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'teahouse-store-'));
  return { folder, file: join(folder, 'room.db') };
}
