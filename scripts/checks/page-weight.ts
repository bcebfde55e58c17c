/** How much a browser loads for the page, compressed, against its budget. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Bytes after gzip, by the files' ending. A byte more is a decision, not an accident. */
const BUDGETS = { js: 130_000, css: 12_000 } as const;

/** What is too heavy, or undefined. */
export function findPageWeightFaults(root: string): string[] {
  const dist = join(root, 'web/dist');
  return Object.entries(BUDGETS).flatMap(([ending, budget]) => {
    const files = globSync(`**/*.${ending}`, { cwd: dist });
    if (files.length === 0) return [`no .${ending} in web/dist: run npm run build --workspace web`];
    const bytes = files.reduce(
      (sum, file) => sum + gzipSync(readFileSync(join(dist, file)), { level: 9 }).length,
      0,
    );
    return bytes > budget
      ? [`.${ending} of the page: ${bytes} bytes after gzip, the budget is ${budget}`]
      : [];
  });
}
