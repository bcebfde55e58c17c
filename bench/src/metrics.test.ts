import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, meets, quantile } from './metrics.ts';

test('quantiles are values that were measured, whatever their order', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2);
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  assert.equal(quantile(hundred, 0.99), 99);
  assert.equal(quantile(hundred, 1), 100);
  assert.equal(quantile([7], 0.5), 7);
});

test('a goal has a bound on one side, and the bound itself meets it', () => {
  assert.ok(meets({ metric: 'deliveries', atLeast: 10 }, 10));
  assert.ok(!meets({ metric: 'deliveries', atLeast: 10 }, 9.99));
  assert.ok(meets({ metric: 'p99', atMost: 15 }, 15));
  assert.ok(!meets({ metric: 'p99', atMost: 15 }, 15.01));
  assert.ok(!meets({ metric: 'p99', atMost: 15 }, Number.NaN));
});
