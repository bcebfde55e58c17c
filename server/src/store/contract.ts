/**
 * The contract of a store, as tests: what `port.ts` promises, held for every
 * implementation. It knows a store only by its port; how one is opened, and
 * opened again over the same data, is handed in.
 */
import { describe } from 'node:test';
import { describeAppends } from './contract/appends.ts';
import { describeDirectory } from './contract/directory.ts';
import type { OpenFixture } from './contract/fixture.ts';
import { describeHistory } from './contract/history.ts';
import { describeLasting } from './contract/lasting.ts';
import { describeProperties } from './contract/properties.ts';

export { createTestClock, type OpenFixture, type StoreFixture } from './contract/fixture.ts';

/** Registers the whole contract for the store that `open` opens, empty each time. */
export function describeStoreContract(name: string, open: OpenFixture): void {
  describe(`${name} keeps the contract of a store`, () => {
    describeAppends(open);
    describeHistory(open);
    describeDirectory(open);
    describeLasting(open);
    describeProperties(open);
  });
}
