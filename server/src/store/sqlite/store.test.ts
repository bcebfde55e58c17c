import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestClock, describeStoreContract, type StoreFixture } from '../contract.ts';
import type { Store } from '../port.ts';
import { openSqliteStore } from './store.ts';

describeStoreContract('the SQLite store', async (): Promise<StoreFixture> => {
  const folder = mkdtempSync(join(tmpdir(), 'teahouse-store-'));
  const clock = createTestClock();
  const open = (): Promise<Store> => openSqliteStore({ file: join(folder, 'room.db'), clock });
  let store = await open();
  return {
    store,
    clock,
    async reopen() {
      await store.close();
      store = await open();
      return store;
    },
    async tidy() {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});
