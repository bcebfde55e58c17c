/**
 * A member that decodes everything and checks it: `seq` dense, each sender's
 * messages all there, once and in order. What it received is the measure for
 * the members that only count bytes: everybody in a room gets the same bytes.
 */
import type { Peer } from './peer.ts';

export interface Witness {
  /** Messages since the fence. */
  readonly messages: number;
  /** Bytes since the fence of everything but answers. */
  readonly bytes: number;
  /** For each message since the fence: bytes up to and with it. */
  readonly ends: readonly number[];
  /** Called after each chunk. */
  onProgress: (() => void) | null;
  /** What was wrong, if anything. */
  readonly fault: string | null;
}

interface Line {
  readonly type: string;
  readonly seq?: number;
  readonly text?: string;
}

/** Takes over a connection whose fence has passed at `seq`. */
export function createWitness(peer: Peer, seq: number, keepEnds: boolean): Witness {
  const next = new Map<string, number>();
  const ends: number[] = [];
  let last = seq;
  let messages = 0;
  let bytes = 0;
  let fault: string | null = null;
  const witness: Witness = {
    get messages() {
      return messages;
    },
    get bytes() {
      return bytes;
    },
    get fault() {
      return fault;
    },
    ends,
    onProgress: null,
  };
  peer.onPayload = (buffer, start, end, wireBytes) => {
    const line = JSON.parse(buffer.toString('utf8', start, end)) as Line;
    if (line.type === 'ok') return;
    bytes += wireBytes;
    if (line.seq === undefined) {
      if (line.type === 'error') fault ??= JSON.stringify(line);
      return;
    }
    if (line.seq !== last + 1) fault ??= `seq ${line.seq} came after ${last}`;
    last = line.seq;
    if (line.type !== 'message') return;
    messages++;
    if (keepEnds) ends.push(bytes);
    const tag = line.text?.slice(0, 2) ?? '';
    const number = Number(line.text?.slice(3, 11));
    const expected = next.get(tag) ?? 0;
    if (number !== expected)
      fault ??= `message ${number} of sender ${tag} came where ${expected} was expected`;
    next.set(tag, number + 1);
  };
  peer.onChunk = () => witness.onProgress?.();
  return witness;
}
