/** A connection's requests, one after the other: what comes while one takes its time waits, and reading stops meanwhile. */
export interface RequestQueue {
  push(text: string): void;
  /** Forgets what waits. */
  clear(): void;
  /** Whether a request runs or waits. */
  readonly busy: boolean;
}

export interface RequestQueueOptions {
  /** Runs one request; never throws or rejects. */
  readonly run: (text: string) => void | Promise<void>;
  readonly pause: () => void;
  readonly resume: () => void;
  /** Nothing runs and nothing waits any more. */
  readonly onIdle: () => void;
}

export function createRequestQueue({ run, pause, resume, onIdle }: RequestQueueOptions): RequestQueue {
  const waiting: string[] = [];
  let running = false;

  const start = (text: string): void => {
    const done = run(text);
    if (done === undefined) return;
    running = true;
    void done.then(() => {
      running = false;
      drain();
    });
  };

  const drain = (): void => {
    while (!running) {
      const text = waiting.shift();
      if (text === undefined) {
        resume();
        onIdle();
        return;
      }
      start(text);
    }
  };

  return {
    push(text) {
      if (!running) return start(text);
      waiting.push(text);
      pause();
    },
    clear() {
      waiting.length = 0;
    },
    get busy() {
      return running || waiting.length > 0;
    },
  };
}
