import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { comeIn, connectNative, startTestServer } from '../harness.ts';
import { fillDisk, withSmallDisk } from '../small-disk.ts';

test('SEND-9 F11 on a full disk senders get store_unavailable, readers go on, and the server recovers by itself', (t) =>
  withSmallDisk(t, 4_096, async (disk) => {
    const listen = ['tcp://127.0.0.1:0', 'http://127.0.0.1:0'];
    const server = await startTestServer(t, { folder: join(disk, 'data'), listen });
    const health = async (): Promise<number> =>
      (await fetch(`http://127.0.0.1:${server.port('http')}/healthz`)).status;
    const ada = await comeIn(t, server.port('tcp'), 'Ada');
    const bob = await comeIn(t, server.port('tcp'), 'Bob');
    await ada.ok({ type: 'send', room: 'lobby', text: 'before', key: 'k0' });
    assert.equal(await health(), 200);

    fillDisk(join(disk, 'filler'));
    let count = 0;
    let answer = await ada.request({ type: 'send', room: 'lobby', text: 'x'.repeat(8_000), key: 'k1' });
    while (answer.type === 'ok') {
      count += 1;
      answer = await ada.request({
        type: 'send',
        room: 'lobby',
        text: 'x'.repeat(8_000),
        key: `k${count + 1}`,
      });
    }
    assert.equal(answer['code'], 'store_unavailable');
    assert.equal(await health(), 503);
    const page = await bob.ok({ type: 'history', room: 'lobby', kinds: ['message'], limit: 500 });
    assert.equal((page['entries'] as unknown[]).length, count + 1);
    assert.equal(bob.received.filter((m) => m.type === 'message').length, count + 1);
    const newcomer = await connectNative(t, server.port('tcp'));
    assert.equal((await newcomer.request({ type: 'login', nick: 'New' }))['code'], 'store_unavailable');

    rmSync(join(disk, 'filler'));
    const retry = { type: 'send', room: 'lobby', text: 'x'.repeat(8_000), key: `k${count + 1}` };
    for (answer = await ada.request(retry); answer.type !== 'ok'; answer = await ada.request(retry)) {
      assert.equal(answer['code'], 'store_unavailable');
    }
    const seen = await bob.until('the entry', (m) => m.type === 'message' && m['key'] === retry.key);
    assert.equal(seen['seq'], answer['seq']);
    assert.equal(await health(), 200);
    await newcomer.ok({ type: 'login', nick: 'New' });
    await server.stop();
  }));
