import type { Piscina } from 'piscina';

/** Names that wait for the thread at most. */
const MOST_WAITING = 256;
/** An idle thread ends after this long, in ms. */
const IDLE_MS = 30_000;

export interface NameOpener {
  /** The name in a sealed one in base64; null where it holds none, or where too many wait. Never rejects. */
  open(sealed: string): Promise<string | null>;
  close(): Promise<void>;
}

/** Decrypts names in a thread of its own, behind a bounded queue. The thread starts with the first name. */
export function createNameOpener(privateKey: string, failed: (error: unknown) => void): NameOpener {
  const ending = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
  const filename = new URL(`./sealed-name${ending}`, import.meta.url).href;
  let starting: Promise<Piscina> | null = null;
  let waiting = 0;

  const start = async (): Promise<Piscina> => {
    // Imported late: nobody may ever come by this front end.
    const { Piscina: Pool } = await import('piscina');
    return new Pool({ filename, workerData: privateKey, minThreads: 0, maxThreads: 1, idleTimeout: IDLE_MS });
  };
  return {
    async open(sealed) {
      if (waiting >= MOST_WAITING) return null;
      waiting += 1;
      try {
        const pool = await (starting ??= start());
        return (await pool.run(sealed)) as string | null;
      } catch (error) {
        failed(error);
        return null;
      } finally {
        waiting -= 1;
      }
    },
    async close() {
      await (await starting)?.destroy();
    },
  };
}
