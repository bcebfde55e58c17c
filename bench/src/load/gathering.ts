/** Many people in one room: connects them, logs them in, and gives each a part: sender, witness, or one of the many who only listen. */
import { connectPeer, frame, type Peer, type Target } from './peer.ts';
import { createSender, TAG_BYTES, type Sender } from './sender.ts';
import type { Texts } from './texts.ts';
import { createWitness, type Witness } from './witness.ts';

export interface GatheringOptions {
  readonly target: Target;
  readonly room: string;
  readonly members: number;
  /** The first members send. */
  readonly senders: number;
  /** The last ones decode and check everything. */
  readonly witnesses: number;
  readonly texts: Texts;
  /** Bytes of UTF-8 in each text. */
  readonly textBytes: number;
  readonly keys: boolean;
  /** Whether witnesses keep where each message ended. */
  readonly keepEnds: boolean;
}

export interface Gathering {
  readonly senders: readonly Sender[];
  readonly witnesses: readonly Witness[];
  /** Those whose bytes are only counted. */
  readonly listeners: readonly Peer[];
  /** Messages sent by all senders. */
  sent(): number;
  /** Waits until everybody has everything that was sent; throws where something is missing, double or out of order. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

const FENCE = 'fence: from here on everybody counts';
const CONNECTING_AT_ONCE = 200;
const SETTLE_MS = 20_000;

/** Settles when all are in and have seen the same entry, from which on each counts. */
export async function gather(options: GatheringOptions): Promise<Gathering> {
  const peers: Peer[] = [];
  await inWaves(options.members, CONNECTING_AT_ONCE, async (i) => {
    peers[i] = await enter(options.target, nickOf(i), options.room);
  });
  const senders: Sender[] = [];
  const witnesses: Witness[] = [];
  const listeners: Peer[] = [];
  const texts = options.texts.cut(options.textBytes - TAG_BYTES);
  let broken: string | null = null;
  const passed = peers.map((peer, i) =>
    passFence(peer, (seq) => {
      peer.onEnd = (reason) => (broken ??= `${nickOf(i)}: ${reason}`);
      if (i < options.senders) {
        const sender = createSender(peer, { index: i, room: options.room, texts, keys: options.keys });
        sender.onError = (line) => (broken ??= `${nickOf(i)}: ${line}`);
        senders[i] = sender;
      } else if (i >= options.members - options.witnesses) {
        witnesses.push(createWitness(peer, seq, options.keepEnds));
      } else {
        listeners.push(peer);
      }
    }),
  );
  peers[0]?.send(JSON.stringify({ type: 'send', room: options.room, text: FENCE }));
  await Promise.all(passed);

  const sent = (): number => senders.reduce((sum, sender) => sum + sender.sent, 0);
  return {
    senders,
    witnesses,
    listeners,
    sent,
    async settle() {
      const until = performance.now() + SETTLE_MS;
      for (;;) {
        const fault = broken ?? witnesses.find((witness) => witness.fault !== null)?.fault ?? null;
        if (fault !== null) throw new Error(fault);
        if (isComplete()) return;
        if (performance.now() > until) throw new Error(describeMissing());
        await new Promise(setImmediate);
      }
    },
    close: async () => void (await Promise.all(peers.map((peer) => peer.close()))),
  };

  function isComplete(): boolean {
    const total = sent();
    const bytes = witnesses[0]?.bytes ?? 0;
    return (
      senders.every((sender) => sender.acknowledged === sender.sent) &&
      witnesses.every((witness) => witness.messages === total && witness.bytes === bytes) &&
      listeners.every((peer) => peer.bytes === bytes)
    );
  }

  function describeMissing(): string {
    const total = sent();
    const bytes = witnesses[0]?.bytes ?? 0;
    const off = listeners.filter((peer) => peer.bytes !== bytes);
    return (
      `sent ${total}, acknowledged ${senders.reduce((sum, sender) => sum + sender.acknowledged, 0)}, ` +
      `witnesses saw ${witnesses.map((witness) => witness.messages).join(', ')}; ` +
      `${off.length} listeners differ from ${bytes} bytes: ${off
        .slice(0, 5)
        .map((peer) => peer.bytes)
        .join(', ')}`
    );
  }
}

/** Runs `task(0)` to `task(count - 1)`, so many at a time. */
export async function inWaves(
  count: number,
  atOnce: number,
  task: (i: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lanes = Array.from({ length: Math.min(atOnce, count) }, async () => {
    while (next < count) await task(next++);
  });
  await Promise.all(lanes);
}

/** The nickname of the i-th person. */
export function nickOf(i: number): string {
  return `guest${String(i).padStart(5, '0')}`;
}

/** Connects, logs in and joins, without waiting in between; settles with the answer to `join`. Afterwards everything that comes is dropped. */
export async function enter(target: Target, nick: string, room: string): Promise<Peer> {
  let answer: (error: Error | null) => void = () => {};
  const joined = new Promise<void>((resolve, reject) => {
    answer = (error) => (error === null ? resolve() : reject(error));
  });
  joined.catch(() => {});
  const peer = await connectPeer(target, (buffer, start, end) => {
    const head = buffer.toString('latin1', start, Math.min(end, start + 120));
    if (head.startsWith('{"type":"ok"') && head.includes('"id":"join"')) answer(null);
    else if (head.startsWith('{"type":"error"')) answer(new Error(`${nick}: ${head}`));
  });
  peer.onEnd = (reason) => answer(new Error(`${nick}: ${reason}`));
  const login = frame(target.transport, JSON.stringify({ type: 'login', id: 'login', nick }));
  const join = frame(target.transport, JSON.stringify({ type: 'join', id: 'join', room }));
  peer.write(Buffer.concat([login, join]));
  await joined;
  return peer;
}

function passFence(peer: Peer, take: (seq: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    peer.onEnd = (reason) => reject(new Error(`before the fence: ${reason}`));
    peer.onPayload = (buffer, start, end) => {
      const text = buffer.toString('utf8', start, end);
      if (text.startsWith('{"type":"error"')) return reject(new Error(text));
      if (!text.includes(FENCE)) return;
      const { seq } = JSON.parse(text) as { seq: number };
      peer.bytes = 0;
      peer.onPayload = null;
      take(seq);
      resolve();
    };
  });
}
