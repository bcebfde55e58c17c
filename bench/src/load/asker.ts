/** Somebody who asks one thing at a time and waits for the answer. */
import type { Peer } from './peer.ts';

export interface Asker {
  /** Settles with the answer, parsed; rejects with an error's code. */
  ask(request: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
}

/** Takes over a connection; what is not an answer is dropped. */
export function createAsker(peer: Peer): Asker {
  let asked = 0;
  let waiting: {
    readonly resolve: (line: Record<string, unknown>) => void;
    readonly reject: (error: Error) => void;
  } | null = null;
  peer.onEnd = (reason) => waiting?.reject(new Error(reason));
  peer.onPayload = (buffer, start, end) => {
    const head = buffer.toString('latin1', start, start + 16);
    if (!head.startsWith('{"type":"ok"') && !head.startsWith('{"type":"error"')) return;
    const line = JSON.parse(buffer.toString('utf8', start, end)) as Record<string, unknown>;
    if (line['id'] !== String(asked)) return;
    const { resolve, reject } = waiting ?? {};
    waiting = null;
    if (line['type'] === 'ok') resolve?.(line);
    else reject?.(new Error(JSON.stringify(line)));
  };
  return {
    ask(request) {
      asked++;
      const payload = JSON.stringify({ ...request, id: String(asked) });
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        peer.send(payload);
      });
    },
  };
}

/** Asks so often, one after the other; milliseconds of each. */
export async function timeAnswers(
  asker: Asker,
  times: number,
  request: (i: number) => Readonly<Record<string, unknown>>,
): Promise<number[]> {
  const out: number[] = [];
  for (let i = 0; i < times; i++) {
    const begin = performance.now();
    await asker.ask(request(i));
    out.push(performance.now() - begin);
  }
  return out;
}
