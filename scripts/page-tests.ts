/** Runs the tests of the page in a real browser, with Playwright. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JSONReport, JSONReportSuite } from '@playwright/test/reporter';
import type { TestResult } from './node-tests.ts';

const NOTHING: TestResult = { passed: 0, failures: [], skips: [] };

/** The specs' paths that hold one of the words; all without words. */
export function findPageTests(root: string, words: readonly string[]): string[] {
  return globSync('web/**/*.spec.ts', { cwd: root, exclude: ['**/node_modules/**'] }).filter(
    (file) => words.length === 0 || words.some((word) => file.includes(word)),
  );
}

function readSuite(suite: JSONReportSuite, path: readonly string[] = []): TestResult[] {
  const names = [...path, suite.title];
  const own = suite.specs.flatMap((spec) =>
    spec.tests.map((test): TestResult => {
      const name = [...names, spec.title].join(': ');
      if (test.status === 'skipped') {
        const reason = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description;
        return { ...NOTHING, skips: [`${name} (${reason ?? 'no reason given'})`] };
      }
      return spec.ok ? { ...NOTHING, passed: 1 } : { ...NOTHING, failures: [name] };
    }),
  );
  return [...own, ...(suite.suites ?? []).flatMap((inner) => readSuite(inner, names))];
}

function add(results: readonly TestResult[]): TestResult {
  return {
    passed: results.reduce((sum, { passed }) => sum + passed, 0),
    failures: results.flatMap(({ failures }) => failures),
    skips: results.flatMap(({ skips }) => skips),
  };
}

/** Runs these specs, or those whose tests' names match. */
export async function runPageTests(
  root: string,
  files: readonly string[],
  namePattern: string | undefined,
  signal: AbortSignal,
): Promise<TestResult> {
  const config = join(root, 'web/playwright.config.ts');
  if (!existsSync(config) || files.length === 0) return NOTHING;
  const folder = mkdtempSync(join(tmpdir(), 'teahouse-page-tests-'));
  const report = join(folder, 'report.json');
  try {
    const child = spawn(
      process.execPath,
      [
        join(root, 'node_modules/@playwright/test/cli.js'),
        'test',
        `--config=${config}`,
        '--reporter=list,json',
        ...(namePattern === undefined
          ? files.map((file) => file.replace(/^web\//, ''))
          : ['--grep', namePattern, '--pass-with-no-tests']),
      ],
      {
        cwd: join(root, 'web'),
        stdio: 'inherit',
        env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
      },
    );
    signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
    const [code] = (await once(child, 'exit')) as [number | null];
    const { suites, errors } = JSON.parse(readFileSync(report, 'utf8')) as JSONReport;
    const result = add(suites.flatMap((suite) => readSuite(suite)));
    const broken = errors.map((error) => error.message ?? 'an error outside of a test');
    if (code !== 0 && result.failures.length + broken.length === 0)
      broken.push(`the page's tests ended with ${code}`);
    return { ...result, failures: [...result.failures, ...broken] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
