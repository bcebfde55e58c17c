/** Runs the `*.test.ts` of all workspaces with node:test, and tells how it goes. */
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { run } from 'node:test';

/** What came of a run. A skip has its reason in it. */
export interface TestResult {
  readonly passed: number;
  readonly failures: readonly string[];
  readonly skips: readonly string[];
}

/** A file that takes longer hangs. */
const FILE_TIMEOUT_MS = 300_000;

/** All test files, or those whose path holds one of the words. */
export function findTestFiles(root: string, words: readonly string[]): string[] {
  return globSync('{protocol,server,clients,web,terminal,bench,scripts}/**/*.test.ts', {
    cwd: root,
    exclude: ['**/node_modules/**', '**/dist/**'],
  })
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
    .toSorted();
}

/** The part of an error that helps to find the fault. */
function describeError({ cause, message }: Error & { cause?: unknown }): string {
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : message;
  return text.replaceAll(/^/gm, '    ');
}

/** Runs these files; `namePattern` keeps only tests whose name matches. */
export async function runNodeTests(
  root: string,
  files: readonly string[],
  namePattern: string | undefined,
  signal: AbortSignal,
): Promise<TestResult> {
  const failures: string[] = [];
  const skips: string[] = [];
  let passed = 0;
  const stream = run({
    cwd: root,
    files: files.map((file) => `${root}/${file}`),
    concurrency: Math.max(2, availableParallelism() - 1),
    timeout: FILE_TIMEOUT_MS,
    signal,
    ...(namePattern === undefined ? {} : { testNamePatterns: [namePattern] }),
  });
  const place = (data: { file?: string | undefined; name: string }) =>
    `${relative(root, data.file ?? '')}: ${data.name}`;
  // A file in which no test matches passes as a test of its own, named after itself.
  stream.on('test:pass', (data) => {
    if (data.skip !== undefined && data.skip !== false) {
      skips.push(
        `${place(data)} (${data.skip === true || data.skip === '' ? 'no reason given' : data.skip})`,
      );
    } else if (data.details.type !== 'suite' && data.name !== data.file) passed++;
  });
  stream.on('test:fail', (data) => {
    // A suite fails with its tests, which have been told already.
    if (data.details.type === 'suite' && data.details.error.message.includes('subtest')) return;
    failures.push(place(data));
    console.log(`✖ ${place(data)}\n${describeError(data.details.error)}`);
  });
  stream.on('test:summary', ({ file, counts, duration_ms, success }) => {
    if (file === undefined) return;
    const seconds = (duration_ms / 1000).toFixed(1);
    console.log(`${success ? '✔' : '✖'} ${relative(root, file)}  ${counts.tests} tests, ${seconds} s`);
  });
  stream.on('test:stderr', ({ message }) => process.stderr.write(message));
  await new Promise((resolve, reject) => {
    stream.once('end', resolve).once('error', reject).resume();
  });
  return { passed, failures, skips };
}
