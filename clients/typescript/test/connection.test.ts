import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ConnectionState } from '../src/index.ts';
import { setUp, stateIs } from './harness.ts';
import { HELLO } from './scripted-server.ts';

const failsWith = (code: string) => (error: { code?: string }) => error.code === code;

describe('coming back', () => {
  test('W9 each wait is at most min(30, 2^n) s, the first at most 1', async (t) => {
    const { server, client, pass, world } = await setUp(t, { rooms: [] });
    server.stop();
    client.login({ nick: 'Ada' }).catch(() => {});
    const waits: number[] = [];
    for (let n = 0; n < 8; n += 1) {
      const state = await stateIs(client, 'waiting');
      waits.push(state.until - world.now());
      pass(state.until - world.now());
    }
    // Chance is one half here.
    assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  });

  test('tryNow cuts the wait short, and does nothing at other times', async (t) => {
    const { server, client } = await setUp(t, { rooms: [] });
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptAda();
    await stateIs(client, 'online');
    client.tryNow();
    assert.equal(client.state.is, 'online');
    peer.end();
    await stateIs(client, 'waiting');
    client.tryNow();
    await server.acceptAda();
    await stateIs(client, 'online');
    assert.equal(server.connections(), 2);
  });

  test('it comes back with the session alone', async (t) => {
    const { server, client, pass } = await setUp(t, { rooms: [] });
    void client.login({ nick: 'Ada' });
    (await server.acceptAda()).end();
    await stateIs(client, 'waiting');
    pass(1000);
    const peer = await server.accept();
    peer.say(HELLO);
    const login = await peer.expect('login');
    assert.equal(login['session'], 'secret');
    assert.ok(!('nick' in login));
  });

  for (const code of ['server_stopping', 'slow_consumer']) {
    test(`${code} leads to another attempt and is told as the reason`, async (t) => {
      const { server, client } = await setUp(t, { rooms: [] });
      void client.login({ nick: 'Ada' });
      const peer = await server.acceptAda();
      peer.say({ type: 'error', code, message: 'bye' });
      peer.end();
      assert.equal((await stateIs(client, 'waiting')).why.code, code);
    });
  }

  test('kicked stops', async (t) => {
    const { server, client, pending } = await setUp(t, { rooms: [] });
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptAda();
    peer.say({ type: 'error', code: 'kicked', message: 'bye' });
    peer.end();
    assert.equal((await stateIs(client, 'stopped')).why.code, 'kicked');
    assert.equal(pending(), 0);
  });

  test('waits grow when a line does not last, and begin anew after a good one', async (t) => {
    const { server, client, pass, world } = await setUp(t, { rooms: [] });
    void client.login({ nick: 'Ada' });
    const waits: number[] = [];
    for (const lasts of [0, 0, 20_000, 0]) {
      const peer = await server.acceptAda();
      await stateIs(client, 'online');
      pass(lasts);
      peer.end();
      const { until } = await stateIs(client, 'waiting');
      waits.push(until - world.now());
      client.tryNow();
    }
    assert.deepEqual(waits, [500, 1000, 500, 1000]);
  });

  test('close ends every timer, and nothing is heard after it', async (t) => {
    const { server, client, pending } = await setUp(t, { rooms: [] });
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptAda();
    await stateIs(client, 'online');
    const states: ConnectionState[] = [];
    client.close();
    client.on('state', (state) => states.push(state));
    await peer.gone;
    assert.deepEqual(states, []);
    assert.equal(client.state.is, 'offline');
    assert.equal(pending(), 0);
  });
});

describe('a dead line', () => {
  test('W10 no answer within 3 s: a new connection', async (t) => {
    const { server, client, pass } = await setUp(t, { rooms: [] });
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptAda();
    await stateIs(client, 'online');
    const alive = client.checkAlive();
    await peer.expect('ping');
    pass(2999);
    assert.equal(client.state.is, 'online');
    pass(1);
    assert.equal(await alive, false);
    await server.acceptAda();
    await stateIs(client, 'online');
  });

  test('W10 an answer keeps the line', async (t) => {
    const { server, client, pass } = await setUp(t, { rooms: [] });
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptAda();
    await stateIs(client, 'online');
    const alive = client.checkAlive();
    peer.answer(await peer.expect('ping'));
    assert.equal(await alive, true);
    pass(5000);
    assert.equal(client.state.is, 'online');
    assert.equal(server.connections(), 1);
  });

  test('after 45 s of silence it looks by itself', async (t) => {
    const { server, client, pass } = await setUp(t, { rooms: [] });
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptAda();
    await stateIs(client, 'online');
    pass(45_000);
    await peer.expect('ping');
    pass(3000);
    await server.acceptAda();
    await stateIs(client, 'online');
  });

  test('an answer that is 10 s late makes it look', async (t) => {
    const { server, client, pass } = await setUp(t, { rooms: [] });
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptAda();
    await stateIs(client, 'online');
    const asked = client.whoami();
    await peer.expect('whoami');
    pass(10_000);
    peer.answer(await peer.expect('ping'));
    await client.checkAlive();
    pass(20_000);
    await assert.rejects(asked, failsWith('timeout'));
  });
});

describe('a hostile server', () => {
  test('what stands behind a close in the same write is not heard', async (t) => {
    const { server, client } = await setUp(t, { rooms: [] });
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptAda();
    await stateIs(client, 'online');
    const errors: unknown[] = [];
    client.on('error', (error) => errors.push(error));
    client.on('notice', () => client.close());
    peer.say({ type: 'notice', text: 'one' }, { type: 'error', code: 'kicked' });
    await peer.gone;
    assert.deepEqual(errors, []);
  });

  test('an endless line ends the connection', async (t) => {
    const { server, client } = await setUp(t, { rooms: [] });
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptAda();
    await stateIs(client, 'online');
    peer.raw('x'.repeat(4 * 1024 * 1024 + 1));
    await stateIs(client, 'waiting');
  });

  test('answers to nothing, wrong types and unknown words are passed over', async (t) => {
    const { server, client } = await setUp(t, { rooms: [] });
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptAda();
    await stateIs(client, 'online');
    peer.raw(
      'null\n[]\n"x"\n{}\n{"type":7}\n{"type":"ok","id":"99"}\n{"type":"ok","id":{}}\n{"type":"__proto__"}\n{"type":"typing","from":1}\n{"type":"presence","room":{}}\n\x00\n',
    );
    const asked = client.rooms();
    peer.answer(await peer.expect('rooms'), {
      rooms: [null, { name: 'a' }, { name: 'b', topic: '', people: 1, lastSeq: 2, joined: false }],
      more: 'yes',
    });
    assert.deepEqual(
      (await asked).rooms.map(({ name }) => name),
      ['b'],
    );
  });

  test('a login answered with nonsense is not believed', async (t) => {
    const { server, client } = await setUp(t, { rooms: [] });
    client.login({ nick: 'Ada' }).catch(() => {});
    const peer = await server.accept();
    peer.say(HELLO);
    peer.answer(await peer.expect('login'), { person: { id: 7 } });
    assert.equal((await stateIs(client, 'waiting')).why.code, 'not_teahouse');
  });
});
