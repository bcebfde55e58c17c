/**
 * What the classic front ends do while the log cannot be written: over real
 * sockets, with the model of the store, whose writes can be made to fail.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test, type TestContext } from 'node:test';
import { createChat, stopChat } from '../src/chat/index.ts';
import { createFrontends } from '../src/compose/frontends.ts';
import { DEFAULTS } from '../src/config/config.ts';
import { parseListener } from '../src/config/listeners.ts';
import { chatLimits, chatRates } from '../src/compose/settings.ts';
import { systemClock } from '../src/store/clock.ts';
import { createMemoryStore, type MemoryStore } from '../src/store/memory.ts';
import { createTurn } from '../src/compose/turn.ts';
import { openPeer } from './classic-peer.ts';
import { pair, PROMPT, seal } from './rsa-client.ts';

function setTimer(task: () => void, ms: number): () => void {
  const timer = setTimeout(task, ms);
  return () => clearTimeout(timer);
}

async function start(t: TestContext): Promise<{ store: MemoryStore; rsaLine: number; loginByte: number }> {
  const store = createMemoryStore({ clock: systemClock, random: randomBytes });
  const turn = createTurn(setImmediate);
  const core = await createChat({
    store,
    limits: chatLimits(DEFAULTS),
    rates: chatRates(DEFAULTS, false),
    now: Date.now,
    setTimer,
    randomBytes,
    endOfTurn: turn.deliver,
    holdsOf: () => 4,
    observe: () => undefined,
    lobbyTopic: '',
  });
  const frontends = createFrontends({
    core,
    config: DEFAULTS,
    rateLimits: false,
    timesOf: () => Infinity,
    turn,
    setTimer,
    key: {
      privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }),
      publicKey: pair.publicKey.export({ type: 'spki', format: 'pem' }),
    },
    journal: () => undefined,
  });
  const open = (scheme: string) => frontends.open(parseListener(`${scheme}://127.0.0.1:0`));
  const [rsaLine, loginByte] = [await open('rsa-line'), await open('login-byte')];
  t.after(async () => {
    store.failWrites(null);
    frontends.stopListening();
    await stopChat(core);
    await frontends.close(1_000);
    await store.close();
  });
  return { store, rsaLine: rsaLine.port, loginByte: loginByte.port };
}

describe('the classic front ends while the log cannot be written', () => {
  for (const how of ['not-written', 'perhaps-written'] as const) {
    test(`RSA-7 BYTE-6 what is said (${how}) is tried again, and there once and in order`, async (t) => {
      const { store, rsaLine, loginByte } = await start(t);
      const ada = await openPeer(t, rsaLine);
      ada.send(seal('Ada'));
      await ada.until(PROMPT);
      const carl = await openPeer(t, loginByte);
      carl.send('Carl');
      await carl.until('Y');
      await ada.until(PROMPT);
      store.failWrites(how);
      ada.send('one\ntwo\n');
      carl.send('three\n');
      await ada.until(/\[!\] .* server:your line cannot be stored at the moment and is tried again\n>> /);
      await carl.until(/\*\nyour message cannot be stored at the moment and is tried again/);
      store.failWrites(null);
      await carl.until(/Ada\ntwo/);
      await ada.until(/Carl:three/);
      ada.send('history\n');
      let history = '';
      while (!history.includes('Ada:has entered!')) history = await ada.until(PROMPT);
      const texts = [...history.matchAll(/ (Ada|Carl):(one|two|three)$/gm)].map(
        ([, nick, text]) => `${nick} ${text}`,
      );
      assert.deepEqual(texts.toSorted(), ['Ada one', 'Ada two', 'Carl three']);
      assert.ok(texts.indexOf('Ada one') < texts.indexOf('Ada two'));
    });
  }

  test('RSA-3 BYTE-2 nobody comes in, and both are told by what their clients understand', async (t) => {
    const { store, rsaLine, loginByte } = await start(t);
    store.failWrites('not-written');
    const ada = await openPeer(t, rsaLine);
    ada.send(seal('Ada'));
    assert.match(await ada.ended(), /^\n\[-\] The server cannot let anybody in at the moment/);
    const carl = await openPeer(t, loginByte);
    carl.send('Carl');
    assert.equal(await carl.ended(), 'N');
  });
});
