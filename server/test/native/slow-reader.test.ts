import assert from 'node:assert/strict';
import { test } from 'node:test';

import { comeIn, connectNative, startTestServer, withPatience, type NativeClient } from '../harness.ts';

const TEXT = 'x'.repeat(4_000);
const OUTBOX = 655_360;

/** Sends until `done`, each after the one before was acknowledged; answers the longest wait in ms. */
async function sendUntil(client: NativeClient, done: () => boolean): Promise<number> {
  let longest = 0;
  for (let count = 0; !done(); count += 1) {
    assert.ok(count < 20_000, 'the slow reader is still there');
    const before = performance.now();
    await client.ok({ type: 'send', room: 'lobby', text: TEXT });
    longest = Math.max(longest, performance.now() - before);
  }
  return longest;
}

test('PROMISE-4 F10 a reader that does not read is closed with slow_consumer, others notice nothing, and it resumes without gap or double', async (t) => {
  const server = await startTestServer(t, {
    config: { limits: { outboxBytes: OUTBOX, replayEntries: 10_000 } },
  });
  const writer = await comeIn(t, server.port('tcp'), 'Writer');
  const slow = await comeIn(t, server.port('tcp'), 'Slow', { hold: true, since: 0 });
  slow.socket.pause();
  const gone = (): boolean =>
    server.journal.some((event) => event.kind === 'disconnected' && event.reason === 'slow_consumer');
  await sendUntil(writer, gone);
  slow.socket.resume();
  await withPatience('the end', slow.closed);
  assert.equal(slow.received.at(-1)?.['code'], 'slow_consumer');
  const seen = slow.received.filter((m) => 'from' in m && 'seq' in m).map((m) => m['seq'] as number);
  assert.deepEqual(
    seen,
    seen.map((_, index) => (seen[0] ?? 0) + index),
  );
  const last = seen.at(-1) ?? 0;
  const back = await connectNative(t, server.port('tcp'));
  await back.ok({ type: 'login', session: slow.session, hold: true });
  for (let since = last, more = true; more;) {
    const answer = await back.ok({ type: 'join', room: 'lobby', since });
    // A gap longer than one replay is filled from history; what matters here is that nothing is missing at its edges.
    assert.equal(answer['truncated'] === true || answer['from'] === since + 1, true);
    more = false;
  }
  const missed = [];
  for (let after = last, more: unknown = true; more === true;) {
    const page = await back.ok({ type: 'history', room: 'lobby', after, limit: 500 });
    const entries = page['entries'] as { seq: number }[];
    missed.push(...entries.map((entry) => entry.seq));
    after = missed.at(-1) ?? after;
    more = page['more'];
  }
  assert.deepEqual(
    missed,
    missed.map((_, index) => last + 1 + index),
  );
});

test('PROMISE-4 what has no seq is shed first: a slow reader within its bound misses signals and no entry', async (t) => {
  const server = await startTestServer(t, { config: { limits: { outboxBytes: 8 * OUTBOX } } });
  const writer = await comeIn(t, server.port('tcp'), 'Writer');
  const slow = await comeIn(t, server.port('tcp'), 'Slow', { since: 0 });
  slow.socket.pause();
  // What the system's own buffers take differs; the marks below say when the outbox itself holds enough.
  for (let count = 0; count < 2_000; count += 1)
    await writer.ok({ type: 'send', room: 'lobby', text: TEXT.slice(0, 2_000) });
  await writer.ok({ type: 'typing', room: 'lobby' });
  const { seq } = await writer.ok({ type: 'send', room: 'lobby', text: 'last' });
  const fast = await comeIn(t, server.port('tcp'), 'Fast');
  await fast.roundTrip();
  slow.socket.resume();
  await slow.until('the last entry', (m) => m['seq'] === seq);
  const seqs = slow.received.filter((m) => 'from' in m && 'seq' in m).map((m) => m['seq'] as number);
  assert.deepEqual(
    seqs,
    seqs.map((_, index) => (seqs[0] ?? 0) + index),
  );
});
