import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { findDependencyFaults } from './dependencies.ts';
import { findLicenceFaults } from './licences.ts';
import { findPageWeightFaults } from './page-weight.ts';
import { findTraces } from './traces.ts';

/** A folder with these files, which goes with the test. */
function createFolder(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'teahouse-checks-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

describe('the checks', () => {
  test('a page within its budget passes, one byte of script too many is told', (t) => {
    const page = { 'web/dist/a.js': 'x', 'web/dist/a.css': 'x' };
    assert.deepEqual(findPageWeightFaults(createFolder(t, page)), []);
    const heavy = {
      ...page,
      'web/dist/b.js': randomBytes(100_000).toString('hex') + randomBytes(60_000).toString('hex'),
    };
    assert.match(findPageWeightFaults(createFolder(t, heavy)).join(), /^\.js of the page: \d+ bytes/);
    assert.equal(findPageWeightFaults(createFolder(t, {})).length, 2);
  });

  test('a licence that is not allowed, and none, are told', (t) => {
    const packages = {
      '': { license: 'MIT' },
      'node_modules/a': { license: 'GPL-3.0' },
      'node_modules/b': {},
      ours: { link: true },
    };
    const faults = findLicenceFaults(createFolder(t, { 'package-lock.json': JSON.stringify({ packages }) }));
    assert.deepEqual(faults, ['node_modules/a: licence GPL-3.0', 'node_modules/b: licence not named']);
  });

  test('a dependency without a reason, and a reason without a dependency, are told', (t) => {
    const faults = findDependencyFaults(
      createFolder(t, {
        'package.json': JSON.stringify({ devDependencies: { known: '1.0.0', unknown: '1.0.0' } }),
        'docs/dependencies.md': '| package | why |\n| --- | --- |\n| `known`, `gone` | because |\n',
      }),
    );
    assert.equal(faults.length, 2);
    assert.match(faults[0] ?? '', /why unknown/);
    assert.match(faults[1] ?? '', /explains gone/);
  });

  test('a path of this machine and the address of a registry are told, in committed files only', (t) => {
    const folder = createFolder(t, { 'clean.md': 'a relative/path', 'not-committed.md': '' });
    writeFileSync(join(folder, 'path.md'), `see ${folder}/notes`);
    // Put together here, or this file would be found itself.
    const address = `https://${['registry', 'example.org'].join('.')}/a.tgz`;
    writeFileSync(join(folder, 'lock.json'), JSON.stringify({ resolved: address }));
    writeFileSync(join(folder, 'not-committed.md'), `see ${folder}/notes`);
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    execFileSync('git', ['add', 'clean.md', 'path.md', 'lock.json'], { cwd: folder });
    const traces = findTraces(folder);
    assert.deepEqual(traces.toSorted(), [`lock.json: ${address}`, `path.md: ${folder}/`]);
  });
});
