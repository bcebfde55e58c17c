import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandomBytes } from './random.ts';

test('A12 random bytes are given out once, whole, and differ, over many fillings of the pool', () => {
  const randomBytes = createRandomBytes();
  const seen = new Set<string>();
  for (let count = 0; count < 2_000; count += 1) {
    const bytes = randomBytes(count % 2 === 0 ? 32 : 10);
    assert.ok(bytes.some((byte) => byte !== 0));
    seen.add(Buffer.from(bytes).toString('hex'));
  }
  assert.equal(seen.size, 2_000);
  assert.equal(randomBytes(10_000).length, 10_000);
});
