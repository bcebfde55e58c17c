import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { collectSeqs, nextEvent, roundTrip, setUp, stateIs } from './harness.ts';
import { ADA, BOB, entry, HELLO, joined } from './scripted-server.ts';

const failsWith = (code: string) => (error: { code?: string }) => error.code === code;

describe('following a room', () => {
  test('a replay in the same write as the answer to join is taken whole', async (t) => {
    const { server, client } = await setUp(t, { rooms: [] });
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptAda();
    const seen: [number, boolean][] = [];
    client.on('entry', ({ entry: { seq }, replayed }) => seen.push([seq, replayed]));
    const room = client.join('lobby', { since: 3, log: 'log-1' });
    const join = await peer.expect('join');
    assert.deepEqual([join['since'], join['log']], [3, 'log-1']);
    peer.say({ type: 'ok', id: join['id'], ...joined(5, 4) }, entry(4), entry(5), entry(6));
    assert.equal((await room).is, 'in');
    await roundTrip(client, peer);
    assert.deepEqual(seen, [
      [4, true],
      [5, true],
      [6, false],
    ]);
    assert.equal(client.room('lobby')?.lastSeq, 6);
  });

  test('without since it begins with what comes next, and says where', async (t) => {
    const { server, client } = await setUp(t);
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptInLobby(7);
    const room = await client.join('lobby');
    assert.equal(room.from, 8);
    assert.deepEqual(room.members, [ADA, BOB]);
    const seqs = collectSeqs(client);
    peer.say(entry(7), entry(8));
    await roundTrip(client, peer);
    assert.deepEqual(seqs, [8]);
  });

  test('after a lost line it joins since the last seq, with the log, and nothing comes twice', async (t) => {
    const { server, client, pass } = await setUp(t);
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptInLobby(0);
    const seqs = collectSeqs(client);
    await client.join('lobby');
    peer.say(entry(1), entry(2));
    await roundTrip(client, peer);
    peer.end();
    await stateIs(client, 'waiting');
    assert.equal(client.room('lobby')?.is, 'joining');
    pass(1000);
    const next = await server.acceptAda();
    const join = await next.expect('join');
    assert.deepEqual([join['since'], join['log']], [2, 'log-1']);
    next.say(
      { type: 'ok', id: join['id'], ...joined(4, 2) },
      entry(2),
      entry(3),
      entry(4),
      entry(3),
      entry(5),
    );
    await roundTrip(client, next);
    assert.deepEqual(seqs, [1, 2, 3, 4, 5]);
  });

  test('a gap that was too long is told before what comes after it', async (t) => {
    const { server, client, pass } = await setUp(t);
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptInLobby(10);
    await client.join('lobby');
    peer.end();
    await stateIs(client, 'waiting');
    pass(1000);
    const order: string[] = [];
    client.on('truncated', ({ from, to }) => order.push(`gap ${from}-${to}`));
    client.on('entry', ({ entry: { seq } }) => order.push(`entry ${seq}`));
    const next = await server.acceptAda();
    const join = await next.expect('join');
    next.say({ type: 'ok', id: join['id'], ...joined(901, 900), truncated: true }, entry(900), entry(901));
    await roundTrip(client, next);
    assert.deepEqual(order, ['gap 11-899', 'entry 900', 'entry 901']);
    assert.equal(client.room('lobby')?.from, 11);
  });

  test('another log is told, and seqs begin anew', async (t) => {
    const { server, client, pass } = await setUp(t);
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptInLobby(10);
    await client.join('lobby');
    peer.end();
    await stateIs(client, 'waiting');
    pass(1000);
    const order: string[] = [];
    client.on('reset', ({ from }) => order.push(`reset ${from}`));
    client.on('entry', ({ entry: { seq } }) => order.push(`entry ${seq}`));
    const next = await server.accept();
    next.say({ ...HELLO, log: 'log-2' });
    next.answer(await next.expect('login'), { person: ADA });
    const join = await next.expect('join');
    assert.equal(join['log'], 'log-1');
    next.say({ type: 'ok', id: join['id'], ...joined(2, 1), reset: true }, entry(1), entry(2));
    await roundTrip(client, next);
    assert.deepEqual(order, ['reset 1', 'entry 1', 'entry 2']);
  });

  test('entries that are missing without a word are asked for, at once and then ever less often', async (t) => {
    const { server, client, pass } = await setUp(t);
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptInLobby(0);
    const seqs = collectSeqs(client);
    await client.join('lobby');
    peer.say(entry(1), entry(3));
    const join = await peer.expect('join');
    assert.equal(join['since'], 1);
    // Still missing after the first time: the next waits.
    peer.say({ type: 'ok', id: join['id'], ...joined(3, 2) }, entry(3));
    await roundTrip(client, peer);
    await roundTrip(client, peer);
    pass(2000);
    const again = await peer.expect('join');
    peer.say({ type: 'ok', id: again['id'], ...joined(3, 2) }, entry(2), entry(3));
    await roundTrip(client, peer);
    assert.deepEqual(seqs, [1, 2, 3]);
  });

  test('kinds of entries that are not known keep their place and are not shown', async (t) => {
    const { server, client } = await setUp(t);
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptInLobby(0);
    const seqs = collectSeqs(client);
    await client.join('lobby');
    peer.say(entry(1), entry(2, { type: 'react', emoji: '🍵', of: 1 }), entry(3, { text: 7 }), entry(4));
    await roundTrip(client, peer);
    assert.deepEqual(seqs, [1, 4]);
  });

  test('seqs that are none are passed over', async (t) => {
    const { server, client } = await setUp(t);
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptInLobby(0);
    const seqs = collectSeqs(client);
    await client.join('lobby');
    for (const seq of [-1, 0, 1.5, 1e300, Number.NaN]) peer.say(entry(seq));
    peer.say(entry(1, { room: 'elsewhere' }), entry(1, { from: 'Bob' }), entry(2));
    await roundTrip(client, peer);
    assert.deepEqual(seqs, [2]);
  });
});

describe('being let in and out', () => {
  test('a refused room rejects and is out', async (t) => {
    const { server, client } = await setUp(t, { rooms: [] });
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptAda();
    const room = client.join('nowhere');
    peer.refuse(await peer.expect('join'), 'room_not_found');
    await assert.rejects(room, failsWith('room_not_found'));
    assert.equal(client.room('nowhere')?.is, 'out');
  });

  test('a join that comes too soon after others is tried again', async (t) => {
    const { server, client, pass } = await setUp(t, { rooms: [] });
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptAda();
    const room = client.join('lobby');
    peer.refuse(await peer.expect('join'), 'rate_limited');
    await roundTrip(client, peer);
    pass(1000);
    peer.answer(await peer.expect('join'), joined(1));
    assert.equal((await room).is, 'in');
  });

  test('a room that was left is not joined again', async (t) => {
    const { server, client, pass } = await setUp(t);
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptInLobby(1);
    await client.join('lobby');
    const left = client.leave('lobby');
    peer.answer(await peer.expect('leave'));
    await left;
    peer.end();
    await stateIs(client, 'waiting');
    pass(1000);
    const next = await server.acceptAda();
    await stateIs(client, 'online');
    await roundTrip(client, next);
  });

  test('a kick puts one out with the reason', async (t) => {
    const { server, client } = await setUp(t);
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptInLobby(0);
    await client.join('lobby');
    const out = nextEvent(client, 'room', ({ is }) => is === 'out');
    peer.say(entry(1, { type: 'moderation', action: 'kick', target: ADA }));
    assert.equal((await out).why?.code, 'kicked');
  });
});

describe('what is known of a room', () => {
  test('topic, members and the head count follow the entries that are not in the answer to join', async (t) => {
    const { server, client } = await setUp(t, { rooms: [] });
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptAda();
    void client.join('lobby', { since: 0 });
    const join = await peer.expect('join');
    const eve = { id: 'p3', nick: 'Eve' };
    const topics: (string | undefined)[] = [];
    client.on('entry', () => topics.push(client.room('lobby')?.topic));
    peer.say(
      { type: 'ok', id: join['id'], ...joined(2, 1) },
      entry(1, { type: 'enter', from: { id: 'p9', nick: 'Gone' } }),
      entry(2, { type: 'topic', topic: 'old' }),
      entry(3, { type: 'enter', from: ADA }),
      entry(4, { type: 'enter', from: eve }),
      entry(5, { type: 'nick', from: BOB, nick: 'Bobby' }),
      entry(6, { type: 'topic', topic: 'tea' }),
      entry(7, { type: 'enter', from: { id: 'p8', nick: 'Short' } }),
      entry(8, { type: 'leave', from: { id: 'p8', nick: 'Short' } }),
    );
    await roundTrip(client, peer);
    const room = client.room('lobby')!;
    assert.deepEqual(topics, ['', '', '', '', '', 'tea', 'tea', 'tea']);
    assert.equal(room.people, 3);
    assert.equal(room.topic, 'tea');
    assert.deepEqual(room.members, [ADA, { id: 'p2', nick: 'Bobby' }, eve]);
  });

  test('presence tells the head count of a large room', async (t) => {
    const { server, client } = await setUp(t);
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptInLobby(0);
    await client.join('lobby');
    const told = nextEvent(client, 'presence');
    peer.say({ type: 'presence', room: 'lobby', people: 300, came: 7, went: 1 });
    assert.equal((await told).came, 7);
    assert.equal(client.room('lobby')?.people, 300);
  });

  test("one's new name, given elsewhere, is one's name", async (t) => {
    const { server, client } = await setUp(t);
    void client.login({ nick: 'Ada' });
    const peer = await server.acceptInLobby(0);
    await client.join('lobby');
    peer.say(entry(1, { type: 'nick', from: ADA, nick: 'Adele' }));
    await roundTrip(client, peer);
    assert.equal(client.state.is === 'online' && client.state.person.nick, 'Adele');
  });
});
