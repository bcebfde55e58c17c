import { parentPort, Worker } from 'node:worker_threads';
import { StoreUnavailable } from '../port.ts';

/** A question to a thread, and its answer. The answer to question 0 is that the thread has started. */
interface Question {
  readonly id: number;
  readonly op: string;
  readonly args: readonly unknown[];
}

type Answer = { readonly id: number } & (
  | { readonly value: unknown }
  | { readonly error: string; readonly unavailable: boolean }
);

/** A thread as the main side sees it. It is started by the first question, and again after it died. */
export interface Thread {
  /** Starts the thread if it is not running; rejects with what the thread says where it cannot. */
  readonly start: () => Promise<unknown>;
  /** Rejects with `StoreUnavailable` where the thread dies before it answers. */
  readonly ask: (op: string, ...args: readonly unknown[]) => Promise<unknown>;
  /** Lets the thread finish what it was asked, then ends it. */
  readonly end: () => Promise<void>;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Running {
  readonly worker: Worker;
  readonly pending: Map<number, Pending>;
  readonly started: Promise<unknown>;
}

/**
 * A thread that runs one module of this folder.
 *
 * @param module its name without the ending, which differs once it is compiled
 * @param data what the thread is started with, asked anew for each start
 * @param onDeath told when the thread ends by itself
 */
export function createThread(module: string, data: () => unknown, onDeath: (error: Error) => void): Thread {
  const ending = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
  const url = new URL(`./${module}${ending}`, import.meta.url);
  let running: Running | null = null;
  let ended = false;
  let nextId = 1;

  const launch = (): Running => {
    const worker = new Worker(url, { workerData: data(), name: module });
    const pending = new Map<number, Pending>();
    const started = new Promise<unknown>((resolve, reject) => pending.set(0, { resolve, reject }));
    let cause = new Error(`the ${module} ended`);
    let isUp = false;
    started.then(
      () => {
        isUp = true;
      },
      (error: Error) => {
        cause = error;
      },
    );
    worker.on('message', (answer: Answer) => {
      const waiting = pending.get(answer.id);
      pending.delete(answer.id);
      if ('value' in answer) waiting?.resolve(answer.value);
      else waiting?.reject(answer.unavailable ? new StoreUnavailable(answer.error) : new Error(answer.error));
    });
    worker.on('error', (error) => {
      cause = error instanceof Error ? error : new Error(String(error));
    });
    worker.on('exit', () => {
      running = null;
      for (const { reject } of pending.values())
        reject(new StoreUnavailable('The database cannot be reached.', { cause }));
      if (isUp && !ended) onDeath(cause);
    });
    running = { worker, pending, started };
    return running;
  };

  const ask = (op: string, ...args: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (ended) {
        reject(new StoreUnavailable('The store is closed.'));
        return;
      }
      const { worker, pending } = running ?? launch();
      const id = nextId;
      nextId += 1;
      pending.set(id, { resolve, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage({ id, op, args } satisfies Question);
    });

  return {
    start: () => (running ?? launch()).started,
    ask,
    async end() {
      if (running === null) {
        ended = true;
        return;
      }
      const { worker } = running;
      const exited = new Promise((resolve) => worker.once('exit', resolve));
      const closed = ask('close').catch(() => undefined);
      ended = true;
      await closed;
      await exited;
    },
  };
}

/**
 * The thread's own side: opens, says so, and answers questions one by one. An
 * error of the database, for which `isUnavailable` answers true, reaches the
 * asker as `StoreUnavailable`.
 */
export function serveThread(
  open: () => {
    readonly value: unknown;
    readonly ops: Readonly<Record<string, (...args: never[]) => unknown>>;
  },
  isUnavailable: (error: unknown) => boolean,
): void {
  const port = parentPort;
  if (port === null) throw new Error('this module runs in a thread of the store');
  const answer = (id: number, run: () => unknown): boolean => {
    try {
      port.postMessage({ id, value: run() } satisfies Answer);
      return true;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      port.postMessage({
        id,
        error: message,
        unavailable: id !== 0 && isUnavailable(error),
      } satisfies Answer);
      return false;
    }
  };
  let ops: Readonly<Record<string, (...args: never[]) => unknown>> = {};
  const opened = answer(0, () => {
    const made = open();
    ops = made.ops;
    return made.value;
  });
  if (!opened) return;
  port.on('message', ({ id, op, args }: Question) => {
    answer(id, () => ops[op]!(...(args as never[])));
    if (op === 'close') port.close();
  });
}
