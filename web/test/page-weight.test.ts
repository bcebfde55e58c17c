import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));

/** Bytes of all built files of a kind, as they travel. */
function weigh(extension: string): number {
  return readdirSync(DIST, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(extension))
    .reduce((sum, name) => sum + gzipSync(readFileSync(`${DIST}/${name}`), { level: 9 }).length, 0);
}

test('the page weighs at most 130 KB of script and 12 KB of style, compressed', (t) => {
  const script = weigh('.js');
  const style = weigh('.css');
  t.diagnostic(`script ${(script / 1_024).toFixed(1)} KB, style ${(style / 1_024).toFixed(1)} KB`);
  assert.ok(script > 0 && script <= 130 * 1_024, `script weighs ${script}`);
  assert.ok(style > 0 && style <= 12 * 1_024, `style weighs ${style}`);
});
