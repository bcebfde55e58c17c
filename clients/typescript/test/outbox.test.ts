import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { Client, ClientOptions, Unsent } from '../src/index.ts';
import { nextEvent, roundTrip, setUp, stateIs } from './harness.ts';
import { ADA, BOB, entry, joined } from './scripted-server.ts';

const failsWith = (code: string) => (error: { code?: string }) => error.code === code;
const TIME = '2026-11-24T08:00:00.000Z';
const own = (seq: number, key: string, text: string) => entry(seq, { from: ADA, key, text });
const states = (client: Client) => client.unsent('lobby').map(({ text, state }) => `${text} ${state.is}`);
const unsentIs = (client: Client, fits: (unsent: readonly Unsent[]) => boolean) =>
  fits(client.unsent('lobby'))
    ? Promise.resolve()
    : nextEvent(client, 'outbox', ({ unsent }) => fits(unsent)).then(() => {});

async function setUpInLobby(t: TestContext, options: Partial<ClientOptions> = {}) {
  const all = await setUp(t, options);
  void all.client.login({ nick: 'Ada' });
  const peer = await all.server.acceptInLobby(0);
  await all.client.join('lobby');
  return { ...all, peer };
}

describe('sending', () => {
  test('W7 a message is there at once, and gone in the turn in which its entry comes', async (t) => {
    const { client, peer } = await setUpInLobby(t);
    const { key, stored } = client.send('lobby', 'hi');
    assert.deepEqual(states(client), ['hi sending']);
    const send = await peer.expect('send');
    assert.deepEqual([send['text'], send['key']], ['hi', key]);
    peer.answer(send, { seq: 1, time: TIME });
    assert.deepEqual(await stored, { seq: 1, time: TIME });
    assert.deepEqual(states(client), ['hi sent']);
    const shown = nextEvent(client, 'entry').then(() => states(client));
    peer.say(own(1, key, 'hi'));
    assert.deepEqual(await shown, []);
  });

  test("W8 a room's messages go one after the other, in the order in which they were written", async (t) => {
    const { client, peer } = await setUpInLobby(t);
    for (const text of ['one', 'two', 'three']) client.send('lobby', text);
    for (const [index, text] of ['one', 'two', 'three'].entries()) {
      const send = await peer.expect('send');
      assert.equal(send['text'], text);
      assert.deepEqual(peer.rest, []);
      peer.answer(send, { seq: index + 1, time: TIME });
    }
  });

  test('W7 an entry that comes before its answer settles the message', async (t) => {
    const { client, peer, server, pass } = await setUpInLobby(t);
    const { key, stored } = client.send('lobby', 'hi');
    client.send('lobby', 'more');
    await peer.expect('send');
    peer.end();
    await stateIs(client, 'waiting');
    assert.deepEqual(states(client), ['hi queued', 'more queued']);
    pass(1000);
    const next = await server.acceptAda();
    const join = await next.expect('join');
    next.say({ type: 'ok', id: join['id'], ...joined(2, 1) });
    next.say(entry(1), own(2, key, 'hi'));
    assert.deepEqual(await stored, { seq: 2, time: TIME });
    assert.equal((await next.expect('send'))['text'], 'more');
  });

  test('a retry after a lost answer carries the same key, and waits for the replay', async (t) => {
    const { client, peer, server, pass } = await setUpInLobby(t);
    const { key } = client.send('lobby', 'hi');
    await peer.expect('send');
    peer.end();
    await stateIs(client, 'waiting');
    pass(1000);
    const next = await server.acceptAda();
    const join = await next.expect('join');
    next.say({ type: 'ok', id: join['id'], ...joined(1, 1) });
    await roundTrip(client, next);
    assert.deepEqual(states(client), ['hi queued']);
    next.say(entry(1));
    const send = await next.expect('send');
    assert.deepEqual([send['text'], send['key']], ['hi', key]);
  });

  test("the key of another person is not one's own", async (t) => {
    const { client, peer } = await setUpInLobby(t);
    const { key } = client.send('lobby', 'hi');
    await peer.expect('send');
    peer.say(entry(1, { key, from: BOB }));
    await roundTrip(client, peer);
    assert.deepEqual(states(client), ['hi sending']);
  });

  test('a message written while one is offline goes when the room is joined', async (t) => {
    const { server, client } = await setUp(t);
    client.send('lobby', 'early');
    assert.deepEqual(states(client), ['early queued']);
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptInLobby(4);
    assert.equal((await peer.expect('send'))['text'], 'early');
  });

  for (const code of ['rate_limited', 'store_unavailable', 'internal']) {
    test(`${code} is tried again after a while, and nothing overtakes`, async (t) => {
      const { client, peer, pass } = await setUpInLobby(t);
      const { key } = client.send('lobby', 'one');
      client.send('lobby', 'two');
      peer.refuse(await peer.expect('send'), code);
      await unsentIs(client, ([first]) => first?.state.is === 'queued');
      await roundTrip(client, peer);
      assert.deepEqual(states(client), ['one queued', 'two queued']);
      pass(1000);
      const again = await peer.expect('send');
      assert.deepEqual([again['text'], again['key']], ['one', key]);
      peer.answer(again, { seq: 1, time: TIME });
      assert.equal((await peer.expect('send'))['text'], 'two');
    });
  }

  test('a server that makes the same mistake five times is believed', async (t) => {
    const { client, peer, pass } = await setUpInLobby(t);
    client.send('lobby', 'one');
    for (let n = 0; n < 5; n += 1) {
      peer.refuse(await peer.expect('send'), 'internal');
      await unsentIs(client, ([first]) => first?.state.is !== 'sending');
      pass(9000);
    }
    assert.deepEqual(states(client), ['one failed']);
  });
});

describe('a refused message', () => {
  for (const code of ['forbidden', 'too_long', 'not_in_room']) {
    test(`W8 ${code} holds the rest of the room, and a retry lets all go in order`, async (t) => {
      const { client, peer } = await setUpInLobby(t);
      const { key } = client.send('lobby', 'one');
      client.send('lobby', 'two');
      peer.refuse(await peer.expect('send'), code);
      await unsentIs(client, ([first]) => first?.state.is === 'failed');
      client.send('lobby', 'three');
      assert.deepEqual(states(client), ['one failed', 'two held', 'three held']);
      const { state } = client.unsent('lobby')[0]!;
      assert.equal(state.is === 'failed' && state.why.code, code);
      client.retry(key);
      for (const [index, text] of ['one', 'two', 'three'].entries()) {
        const send = await peer.expect('send');
        assert.equal(send['text'], text);
        peer.answer(send, { seq: index + 1, time: TIME });
      }
    });
  }

  test('dropping it lets the rest go, and its handle says so', async (t) => {
    const { client, peer } = await setUpInLobby(t);
    const { key, stored } = client.send('lobby', 'one');
    client.send('lobby', 'two');
    peer.refuse(await peer.expect('send'), 'forbidden');
    await unsentIs(client, ([first]) => first?.state.is === 'failed');
    assert.equal(client.drop(key), true);
    await assert.rejects(stored, failsWith('dropped'));
    assert.equal((await peer.expect('send'))['text'], 'two');
    assert.equal(client.drop(client.unsent('lobby')[0]!.key), false);
  });

  test('a line past the limit of the server is never sent', async (t) => {
    const { client, peer } = await setUpInLobby(t);
    client.send('lobby', '茶'.repeat(30_000));
    const { state } = client.unsent('lobby')[0]!;
    assert.equal(state.is === 'failed' && state.why.code, 'too_long');
    await roundTrip(client, peer);
  });

  test('in a room that was left it fails at once, without a word to the server', async (t) => {
    const { client, peer } = await setUpInLobby(t);
    client.leave('lobby').catch(() => {});
    await peer.expect('leave');
    client.send('lobby', 'late');
    const { state } = client.unsent('lobby')[0]!;
    assert.equal(state.is === 'failed' && state.why.code, 'not_in_room');
    await roundTrip(client, peer);
  });
});

describe('the storage', () => {
  function createStorage() {
    let kept: string | undefined;
    return {
      load: () => kept,
      save: (queue: string) => void (kept = queue),
      get kept() {
        return kept;
      },
    };
  }

  test('W8 the queue outlives a reload, with order and keys', async (t) => {
    const storage = createStorage();
    const { client, peer } = await setUpInLobby(t, { storage });
    const first = client.send('lobby', 'one');
    client.send('lobby', 'two');
    await peer.expect('send');
    client.close();
    const again = await setUp(t, { storage, session: 'secret' });
    assert.deepEqual(states(again.client), ['one queued', 'two queued']);
    void again.client.login();
    const next = await again.server.acceptInLobby(0);
    const send = await next.expect('send');
    assert.deepEqual([send['text'], send['key']], ['one', first.key]);
    next.answer(send, { seq: 1, time: TIME });
    assert.equal((await next.expect('send'))['text'], 'two');
    assert.ok(!storage.kept?.includes('one'));
  });

  test("what another person wrote is not sent under one's name, unless one wants it", async (t) => {
    const storage = createStorage();
    const { client, peer } = await setUpInLobby(t, { storage });
    const { key } = client.send('lobby', 'mine');
    await peer.expect('send');
    client.close();
    const again = await setUp(t, { storage });
    void again.client.login({ nick: 'Bob' });
    const next = await again.server.accept();
    next.say({ type: 'hello', server: 's', protocol: 1, log: 'log-1', login: [], limits: {} });
    next.answer(await next.expect('login'), { person: BOB });
    next.answer(await next.expect('join'), joined(0));
    await unsentIs(again.client, ([first]) => first?.state.is === 'failed');
    const { state } = again.client.unsent('lobby')[0]!;
    assert.equal(state.is === 'failed' && state.why.code, 'other_person');
    again.client.retry(key);
    assert.equal((await next.expect('send'))['text'], 'mine');
  });

  for (const kept of ['', '{', '7', '[null, {"key":1}, {"key":"k"}]']) {
    test(`a storage that holds ${kept || 'nothing'} is as good as none`, async (t) => {
      const { client } = await setUp(t, { storage: { load: () => kept, save: () => {} } });
      assert.deepEqual(states(client), []);
    });
  }

  test('a storage that is full disturbs nothing', async (t) => {
    const full = () => {
      throw new Error('QuotaExceededError');
    };
    const { client, peer } = await setUpInLobby(t, { storage: { load: full, save: full } });
    client.send('lobby', 'hi');
    peer.answer(await peer.expect('send'), { seq: 1, time: TIME });
  });

  test('logging out forgets session and queue, and stays away', async (t) => {
    const storage = createStorage();
    const { client, peer, pending } = await setUpInLobby(t, { storage });
    const { stored } = client.send('lobby', 'unsent');
    await peer.expect('send');
    const done = client.logout();
    peer.answer(await peer.expect('logout'));
    await done;
    await assert.rejects(stored, failsWith('closed'));
    assert.equal(client.session, undefined);
    assert.equal(storage.kept, '[]');
    assert.equal(client.state.is, 'offline');
    assert.equal(pending(), 0);
  });
});

describe('is writing', () => {
  test('it goes out at most once in 3 s, and that one stopped goes out late', async (t) => {
    const { client, peer, pass } = await setUpInLobby(t);
    for (let n = 0; n < 10; n += 1) client.typing('lobby');
    const first = await peer.expect('typing');
    assert.equal(first['on'], true);
    client.typing('lobby', false);
    await roundTrip(client, peer);
    assert.deepEqual(peer.rest, []);
    pass(3000);
    assert.equal((await peer.expect('typing'))['on'], false);
    pass(3000);
    client.typing('lobby', false);
    client.typing('lobby');
    assert.equal((await peer.expect('typing'))['on'], true);
  });
});
