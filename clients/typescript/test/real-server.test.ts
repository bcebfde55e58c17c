import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { createClient, webSocket, type Client, type ClientOptions, type Connector } from '../src/index.ts';
import { tcp } from '../src/node.ts';
import { nextEvent, stateIs } from './harness.ts';
import { startRealServer, type RealServer } from './real-server.ts';

const transports: Record<string, (server: RealServer) => Connector> = {
  TCP: (server) => tcp('127.0.0.1', server.tcpPort),
  WebSocket: (server) => webSocket(`ws://127.0.0.1:${server.httpPort}/ws`),
};

async function comeIn(
  t: TestContext,
  connect: Connector,
  nick: string,
  options: Partial<ClientOptions> = {},
): Promise<Client> {
  const client = createClient({ connect, rooms: ['lobby'], ...options });
  t.after(() => client.close());
  await client.login({ nick });
  await client.join('lobby');
  return client;
}

/** What somebody is shown, in its order. Seqs must rise by one. */
function collectTexts(client: Client): string[] {
  const texts: string[] = [];
  let last = client.room('lobby')!.lastSeq;
  client.on('entry', ({ entry }) => {
    assert.equal(entry.seq, last + 1);
    last = entry.seq;
    if (entry.type === 'message') texts.push(entry.text ?? '');
  });
  return texts;
}

const emptied = (client: Client) =>
  client.unsent('lobby').length === 0
    ? Promise.resolve()
    : nextEvent(client, 'outbox', ({ unsent }) => unsent.length === 0);

for (const [name, connector] of Object.entries(transports)) {
  describe(`against a real server over ${name}`, () => {
    test('all requests are answered as their types say', { timeout: 20_000 }, async (t) => {
      const server = await startRealServer(t);
      const ada = await comeIn(t, connector(server), 'Ada');
      const bob = await comeIn(t, connector(server), '小明');
      const typing = nextEvent(bob, 'typing');
      ada.typing('lobby');
      assert.equal((await typing).from.nick, 'Ada');
      const { seq } = await ada.send('lobby', 'hello\n你好').stored;
      const edited = nextEvent(bob, 'entry', ({ entry }) => entry.type === 'edit');
      await ada.edit('lobby', seq, 'changed');
      await edited;
      await ada
        .topic('lobby', 'tea')
        .catch((error: { code: string }) => assert.equal(error.code, 'forbidden'));
      assert.equal((await ada.nick('Adele')).nick, 'Adele');
      assert.equal(ada.state.is === 'online' && ada.state.person.nick, 'Adele');
      const { entries, asOf } = await bob.history('lobby', { kinds: ['message'] });
      assert.deepEqual(
        entries.map((entry) => entry.type === 'message' && entry.text),
        ['changed'],
      );
      assert.ok(asOf > seq);
      await ada.delete('lobby', seq);
      await assert.rejects(ada.edit('lobby', seq, 'again'), { code: 'forbidden' });
      assert.deepEqual((await bob.members('lobby')).members.map(({ nick }) => nick).sort(), [
        'Adele',
        '小明',
      ]);
      assert.deepEqual(
        bob
          .room('lobby')
          ?.members.map(({ nick }) => nick)
          .sort(),
        ['Adele', '小明'],
      );
      assert.equal((await ada.create('tea-room')).room.name, 'tea-room');
      await ada.join('tea-room');
      assert.deepEqual(
        (await ada.rooms()).rooms.map((row) => [row.name, row.joined]),
        [
          ['lobby', true],
          ['tea-room', true],
        ],
      );
      assert.equal(await ada.read('lobby', seq), seq);
      assert.deepEqual((await ada.whoami()).rooms.sort(), ['lobby', 'tea-room']);
      assert.equal(await ada.checkAlive(), true);
      const left = nextEvent(bob, 'entry', ({ entry }) => entry.type === 'leave');
      await ada.logout();
      await left;
      assert.equal(bob.room('lobby')?.people, 1);
    });

    test('refusals are told by their codes', { timeout: 20_000 }, async (t) => {
      const server = await startRealServer(t);
      await comeIn(t, connector(server), 'Ada');
      const eve = createClient({ connect: connector(server) });
      t.after(() => eve.close());
      await assert.rejects(eve.login({ nick: 'ada' }), { code: 'nick_taken' });
      await assert.rejects(eve.login({ nick: 'a:b' }), { code: 'bad_nick' });
      await assert.rejects(eve.login({ session: 'x'.repeat(43) }), { code: 'login_failed' });
      await eve.login({ nick: 'Eve' });
      await assert.rejects(eve.join('nowhere'), { code: 'room_not_found' });
      await eve.join('lobby');
      eve.send('lobby', 'x'.repeat(16_385));
      const { unsent } = await nextEvent(eve, 'outbox', (event) => event.unsent[0]?.state.is === 'failed');
      assert.equal(unsent[0]?.state.is === 'failed' && unsent[0].state.why.code, 'too_long');
    });

    test(
      'W7 W8 killed and started again while people write: nothing lost, nothing twice, in order',
      { timeout: 60_000 },
      async (t) => {
        const server = await startRealServer(t);
        const ada = await comeIn(t, connector(server), 'Ada');
        const bob = await comeIn(t, connector(server), 'Bob');
        const [seenByAda, seenByBob] = [collectTexts(ada), collectTexts(bob)];
        const written: string[] = [];
        for (let round = 0; round < 3; round += 1) {
          for (let n = 0; n < 40; n += 1) {
            const text = `${round}-${n}`;
            written.push(text);
            const { stored } = ada.send('lobby', text);
            if (n === 10) await stored;
          }
          // Some are stored by now, one is on its way, the rest waits.
          await (round === 2 ? server.stop() : server.kill());
          await stateIs(ada, 'waiting');
          await server.start();
          ada.tryNow();
          bob.tryNow();
        }
        const last = nextEvent(
          bob,
          'entry',
          ({ entry }) => entry.type === 'message' && entry.text === written.at(-1),
        );
        await Promise.all([last, emptied(ada)]);
        assert.deepEqual(seenByBob, written);
        assert.deepEqual(seenByAda, written);
        const { entries } = await bob.history('lobby', { kinds: ['message'], limit: 500 });
        assert.deepEqual(
          entries.map((entry) => entry.type === 'message' && entry.text),
          written,
        );
        assert.ok(entries.every((entry) => entry.from.nick === 'Ada'));
      },
    );
  });
}

test(
  'W8 a queue that outlived a reload is sent once, whatever the server had stored of it',
  { timeout: 20_000 },
  async (t) => {
    const server = await startRealServer(t);
    let kept = '';
    const storage = { load: () => kept, save: (queue: string) => void (kept = queue) };
    const ada = await comeIn(t, tcp('127.0.0.1', server.tcpPort), 'Ada', { storage });
    const bob = await comeIn(t, tcp('127.0.0.1', server.tcpPort), 'Bob');
    const seen = collectTexts(bob);
    const written = ['one', 'two', 'three', 'four', 'five'];
    for (const text of written) ada.send('lobby', text);
    // The page goes while the first is on its way: it may be stored or not.
    ada.close();
    const last = nextEvent(bob, 'entry', ({ entry }) => entry.type === 'message' && entry.text === 'five');
    const again = createClient({
      connect: tcp('127.0.0.1', server.tcpPort),
      session: ada.session,
      rooms: ['lobby'],
      storage,
    });
    t.after(() => again.close());
    await again.login();
    await Promise.all([last, emptied(again)]);
    assert.deepEqual(seen, written);
  },
);
