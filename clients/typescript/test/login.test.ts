import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createClient } from '../src/index.ts';
import { nextEvent, setUp, stateIs } from './harness.ts';
import { ADA, HELLO } from './scripted-server.ts';

const failsWith = (code: string) => (error: { code?: string }) => error.code === code;

describe('logging in', () => {
  test('a name logs in with hold, and the session is told to be remembered', async (t) => {
    const { server, client } = await setUp(t, { rooms: [] });
    const session = nextEvent(client, 'session');
    const person = client.login({ nick: 'Ada' });
    const peer = await server.accept();
    peer.say(HELLO);
    const login = await peer.expect('login');
    assert.equal(login['nick'], 'Ada');
    assert.equal(login['hold'], true);
    assert.ok(!('session' in login));
    peer.answer(login, { session: 'secret', person: ADA });
    assert.deepEqual(await person, ADA);
    assert.equal(await session, 'secret');
    assert.equal(client.session, 'secret');
    assert.equal(client.state.is, 'online');
  });

  for (const code of ['nick_taken', 'bad_nick']) {
    test(`${code} stops, and another name goes on over the same line`, async (t) => {
      const { server, client } = await setUp(t, { rooms: [] });
      const first = client.login({ nick: 'Ada' });
      const peer = await server.accept();
      peer.say(HELLO);
      peer.refuse(await peer.expect('login'), code);
      await assert.rejects(first, failsWith(code));
      assert.equal(client.state.is, 'stopped');
      const second = client.login({ nick: 'Eve' });
      const login = await peer.expect('login');
      assert.equal(login['nick'], 'Eve');
      peer.answer(login, { person: { id: 'p3', nick: 'Eve' } });
      await second;
      assert.equal(server.connections(), 1);
    });
  }

  test('another name works although the server closed the line meanwhile', async (t) => {
    const { server, client } = await setUp(t, { rooms: [] });
    const first = client.login({ nick: 'Ada' });
    const peer = await server.accept();
    peer.say(HELLO);
    peer.refuse(await peer.expect('login'), 'nick_taken');
    await assert.rejects(first);
    peer.end();
    const second = client.login({ nick: 'Eve' });
    const next = server.acceptAda();
    // The end may be noticed before or after the second login: then it waits for its next attempt.
    const state = await Promise.race([stateIs(client, 'online'), stateIs(client, 'waiting')]);
    if (state.is === 'waiting') client.tryNow();
    await Promise.all([second, next]);
  });

  test('login_failed forgets the session and does not loop', async (t) => {
    const { server, client, pending } = await setUp(t, { session: 'old', rooms: [] });
    const login = client.login();
    const peer = await server.accept();
    peer.say(HELLO);
    assert.equal((await peer.expect('login'))['session'], 'old');
    peer.say({ type: 'error', id: '1', code: 'login_failed', message: 'no' });
    await assert.rejects(login, failsWith('login_failed'));
    assert.equal(client.session, undefined);
    assert.equal(client.state.is, 'stopped');
    assert.equal(pending(), 0);
  });

  test('nick_taken for a session keeps the session, and another name goes with it', async (t) => {
    const { server, client } = await setUp(t, { session: 'mine', rooms: [] });
    const login = client.login();
    const peer = await server.accept();
    peer.say(HELLO);
    peer.refuse(await peer.expect('login'), 'nick_taken');
    await assert.rejects(login);
    void client.login({ nick: 'Eve' });
    const second = await peer.expect('login');
    assert.deepEqual([second['session'], second['nick']], ['mine', 'Eve']);
    peer.answer(second, { person: { id: 'p1', nick: 'Eve' } });
    await stateIs(client, 'online');
    assert.equal(client.session, 'mine');
  });

  test('a full store at login is waited for', async (t) => {
    const { server, client, pass } = await setUp(t, { rooms: [] });
    const login = client.login({ nick: 'Ada' });
    const peer = await server.accept();
    peer.say(HELLO);
    peer.refuse(await peer.expect('login'), 'store_unavailable');
    assert.equal((await stateIs(client, 'waiting')).why.code, 'store_unavailable');
    pass(1000);
    await server.acceptAda();
    assert.deepEqual(await login, ADA);
  });
});

describe('connect without a name', () => {
  test('it greets, and login uses the line', async (t) => {
    const { server, client } = await setUp(t, { rooms: [] });
    const greeting = client.connect();
    const peer = await server.accept();
    peer.say(HELLO);
    assert.equal((await greeting).server, 'Scripted');
    assert.equal(client.state.is, 'greeted');
    const login = client.login({ nick: 'Ada' });
    peer.answer(await peer.expect('login'), { person: ADA });
    await login;
    assert.equal(server.connections(), 1);
  });

  test('nobody there is unreachable, with the cause, and it does not try again', async (t) => {
    const { server, client, pending } = await setUp(t);
    server.stop();
    await assert.rejects(
      client.connect(),
      (error: { code?: string; cause?: { code?: string } }) =>
        error.code === 'unreachable' && error.cause?.code === 'ECONNREFUSED',
    );
    assert.equal(client.state.is, 'offline');
    assert.equal(pending(), 0);
  });

  test('a connector that throws is unreachable too', async () => {
    const client = createClient({
      connect: () => {
        throw new SyntaxError('bad address');
      },
    });
    await assert.rejects(client.connect(), failsWith('unreachable'));
  });

  for (const words of [
    'HTTP/1.1 400 Bad Request\r\n',
    '{"type":"hello","protocol":2,"log":"x","server":"y"}\n',
    '[]\n',
    `${'['.repeat(200_000)}\n`,
  ]) {
    test(`what says ${words.slice(0, 20).trim()} is not_teahouse`, async (t) => {
      const { server, client } = await setUp(t);
      const greeting = client.connect();
      const peer = await server.accept();
      peer.raw(words);
      await assert.rejects(greeting, failsWith('not_teahouse'));
    });
  }

  test('a server that says nothing is given up after 10 s', async (t) => {
    const { server, client, pass } = await setUp(t);
    const greeting = client.connect();
    await server.accept();
    pass(10_000);
    await assert.rejects(greeting, (error: { code?: string }) =>
      /^(unreachable|not_teahouse)$/.test(error.code ?? ''),
    );
  });

  test('a refusal before the greeting is told', async (t) => {
    const { server, client } = await setUp(t);
    const greeting = client.connect();
    const peer = await server.accept();
    peer.say({ type: 'error', code: 'limit_reached', message: 'too many' });
    peer.end();
    await assert.rejects(greeting, failsWith('limit_reached'));
  });
});
