/** `npm run check`: everything about the code that needs no running server. All steps run, even if one fails. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { findDependencyFaults } from './checks/dependencies.ts';
import { findLicenceFaults } from './checks/licences.ts';
import { findPageWeightFaults } from './checks/page-weight.ts';
import { findTraces } from './checks/traces.ts';

const root = join(import.meta.dirname, '..');

/** A tool of node_modules or a file of ours; its output is told if it fails. */
function runProgram(...args: readonly string[]): string[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? [] : [stripVTControlCharacters(`${stdout}${stderr}`.trim())];
}

const STEPS: Readonly<Record<string, () => string[]>> = {
  types: () => runProgram('node_modules/typescript/bin/tsc', '--noEmit', '-p', '.'),
  lint: () => runProgram('node_modules/oxlint/bin/oxlint'),
  format: () => runProgram('node_modules/oxfmt/bin/oxfmt', '--check'),
  'generated files': () => runProgram('protocol/src/generate.ts', '--check'),
  architecture: () => runProgram('--test', 'server/test/architecture.test.ts'),
  'page weight': () => findPageWeightFaults(root),
  licences: () => findLicenceFaults(root),
  dependencies: () => findDependencyFaults(root),
  'traces of a machine': () => findTraces(root),
};

let failed = 0;
for (const [name, findFaults] of Object.entries(STEPS)) {
  const started = performance.now();
  let faults: string[];
  try {
    faults = findFaults();
  } catch (error) {
    faults = [String(error)];
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${faults.length === 0 ? '✔' : '✖'} ${name}, ${seconds} s`);
  for (const fault of faults) console.log(fault.replaceAll(/^/gm, '    '));
  if (faults.length > 0) failed++;
}
console.log(failed === 0 ? 'All checks passed.' : `${failed} of ${Object.keys(STEPS).length} checks failed.`);
process.exitCode = failed === 0 ? 0 : 1;
