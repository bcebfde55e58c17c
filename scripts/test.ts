/**
 * `npm test [WORD]...`: every test there is, with real servers, sockets and a
 * real browser. A word chooses the files whose path holds it; one that no path
 * holds chooses tests by name (`npm test SEND-2`). In CI a skip is a failure.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installNeededPrograms } from './needed-programs.ts';
import { findTestFiles, runNodeTests } from './node-tests.ts';
import { findPageTests, runPageTests } from './page-tests.ts';

const root = join(import.meta.dirname, '..');
const words = process.argv.slice(2);
const started = performance.now();

const chosen = { node: findTestFiles(root, words), page: findPageTests(root, words) };
const byName = words.length > 0 && chosen.node.length + chosen.page.length === 0;
const isNamedIn = (file: string) =>
  words.some((word) => readFileSync(join(root, file), 'utf8').includes(word));
const files = byName
  ? { node: findTestFiles(root, []).filter(isNamedIn), page: findPageTests(root, []).filter(isNamedIn) }
  : chosen;
const namePattern = byName ? words.map((word) => `${RegExp.escape(word)}(?!\\d)`).join('|') : undefined;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

installNeededPrograms();
const results = [await runNodeTests(root, files.node, namePattern, stop.signal)];
if (!stop.signal.aborted) results.push(await runPageTests(root, files.page, namePattern, stop.signal));

const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failures = results.flatMap((result) => result.failures);
const skips = results.flatMap((result) => result.skips);
if (skips.length > 0) console.log(`\nSkipped:\n${skips.map((skip) => `  ${skip}`).join('\n')}`);
if (failures.length > 0) console.log(`\nFailed:\n${failures.map((failure) => `  ${failure}`).join('\n')}`);
const seconds = Math.round((performance.now() - started) / 1000);
console.log(`\nAll of it took ${seconds} s.`);
// The words of this line stand alone: CI reads them.
console.log(`${passed} passed, ${failures.length} failed, ${skips.length} skipped`);

if (stop.signal.aborted) process.exitCode = 130;
else if (failures.length > 0 || passed === 0) process.exitCode = 1;
else if (process.env.CI === 'true' && skips.length > 0) {
  console.log('In CI a skipped test is a failure.');
  process.exitCode = 1;
}
