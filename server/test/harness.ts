/**
 * Starts the real server in a temporary folder, on ports that the system
 * chooses, and talks to it over real sockets. Waiting is always for something
 * that comes; the deadline is there to fail with what had come instead.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULTS, type Config, type Scheme } from '../src/config/config.ts';
import { parseListener } from '../src/config/listeners.ts';
import type { JournalEvent } from '../src/console/journal-event.ts';
import { startServer } from '../src/main.ts';

/** How long a wait may take before the test fails, in ms. */
export const DEADLINE_MS = 10_000;

/** What a test gives so that everything ends with it: its context, or `{ after }` of node:test for a whole file. */
export interface Scope {
  after(task: () => Promise<void> | void): void;
}

export interface TestServerOptions {
  /** Listeners as the command line has them; port 0 where none is given: `rsa-line://127.0.0.1:0/garden`. The native one on TCP by default. */
  readonly listen?: readonly string[];
  /** Keys of the config that differ from the defaults. */
  readonly config?: { readonly [S in keyof Config]?: Partial<Config[S]> };
  /** False as with `--no-rate-limit`. True by default. */
  readonly rateLimits?: boolean;
  /** Private files put into the data folder before the start. */
  readonly files?: Readonly<Record<string, string>>;
  /** A folder of the test's own, which it also removes: for servers that start again. */
  readonly dataFolder?: string;
}

export interface TestServer {
  readonly dataFolder: string;
  /** Everything the operator was told, in order. */
  readonly journal: readonly JournalEvent[];
  /** The port of the first listener of this scheme, or of the one for this room. */
  port(scheme: Scheme, room?: string): number;
  stop(): Promise<void>;
}

/** Starts a server that stops with the test. */
export async function startTestServer(scope: Scope, options: TestServerOptions = {}): Promise<TestServer> {
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'teahouse-test-')));
  for (const [name, text] of Object.entries(options.files ?? {}))
    await writeFile(join(dataFolder, name), text, { mode: 0o600 });
  const sections = Object.entries(DEFAULTS).map(([name, section]) => [
    name,
    { ...section, ...options.config?.[name as keyof Config] },
  ]);
  const config = Object.fromEntries(sections) as Config;
  const listen = (options.listen ?? ['tcp://127.0.0.1:0']).map(parseListener);
  const journal: JournalEvent[] = [];
  const running = await startServer({
    config: { ...config, server: { ...config.server, listen } },
    dataFolder,
    rateLimits: options.rateLimits ?? true,
    journal: (event) => journal.push(event),
  });
  const stop = running.stop;
  scope.after(async () => {
    await stop();
    if (options.dataFolder === undefined) await rm(dataFolder, { recursive: true, force: true });
  });
  return {
    dataFolder,
    journal,
    port(scheme, room) {
      const found = running.listeners.find(
        (listener) => listener.scheme === scheme && (room === undefined || listener.room === room),
      );
      assert.ok(found, `a listener for ${scheme}`);
      return found.port;
    },
    stop,
  };
}

/** A promise that fails at the deadline, with words that say what was waited for and what was there instead. */
export function within<T>(promise: Promise<T>, what: () => string, ms = DEADLINE_MS): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`waited ${ms} ms for ${what()}`)), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** A connection as bytes and text. */
export interface Peer {
  readonly socket: Socket;
  send(data: string | Uint8Array): void;
  /** Waits until this has come, and takes everything up to its end. Strings are looked for as they are. */
  until(wanted: string | RegExp): Promise<string>;
  /** Takes what has come and was not taken. */
  take(): string;
  /** Everything not taken, once the other side has ended. */
  ended(): Promise<string>;
  close(): void;
}

/** Connects to a port of this machine; `local` is another loopback address to come from. */
export async function openPeer(scope: Scope, port: number, local?: string): Promise<Peer> {
  const socket = connect({ host: '127.0.0.1', port, ...(local && { localAddress: local }) });
  socket.setNoDelay(true);
  scope.after(() => {
    socket.destroy();
  });
  let bytes = Buffer.alloc(0);
  let isEnded = false;
  const wakers = new Set<() => void>();
  const wake = (): void => {
    for (const waker of [...wakers]) waker();
  };
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    wake();
  });
  socket.on('error', () => undefined);
  socket.on('end', () => {
    isEnded = true;
    wake();
  });
  socket.on('close', () => {
    isEnded = true;
    wake();
  });
  await within(
    new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('error', reject);
    }),
    () => `a connection to port ${port}`,
  );

  const waitFor = <T>(look: () => T | undefined, what: string): Promise<T> => {
    const found = new Promise<T>((resolve, reject) => {
      const check = (): void => {
        const value = look();
        if (value === undefined && !isEnded) return;
        wakers.delete(check);
        if (value === undefined)
          reject(
            new Error(`the connection ended before ${what}; there was ${JSON.stringify(String(bytes))}`),
          );
        else resolve(value);
      };
      wakers.add(check);
      check();
    });
    return within(found, () => `${what}; there was ${JSON.stringify(String(bytes))}`);
  };
  const takeTo = (end: number): string => {
    const taken = bytes.subarray(0, end).toString('utf8');
    bytes = bytes.subarray(end);
    return taken;
  };
  return {
    socket,
    send: (data) => void socket.write(data),
    until: (wanted) =>
      waitFor(() => {
        const text = bytes.toString('utf8');
        if (typeof wanted === 'string') {
          const at = text.indexOf(wanted);
          return at < 0 ? undefined : takeTo(Buffer.byteLength(text.slice(0, at + wanted.length)));
        }
        const match = wanted.exec(text);
        return match === null
          ? undefined
          : takeTo(Buffer.byteLength(text.slice(0, match.index + match[0].length)));
      }, String(wanted)),
    take: () => takeTo(bytes.length),
    ended: () => waitFor(() => (isEnded ? takeTo(bytes.length) : undefined), 'its end'),
    close: () => socket.end(),
  };
}

/** An object of the native protocol, as a test looks at it. */
export type Wire = Readonly<Record<string, unknown>> & { readonly type: string };

/** A client of the native protocol on TCP. */
export interface NativePeer extends Peer {
  /** Sends a request with an `id` and waits for its answer; what comes before it is kept for `next`. */
  ask(request: { readonly type: string } & Readonly<Record<string, unknown>>): Promise<Wire>;
  /** The next object that is no answer to `ask`, of this type if one is given; those before it are dropped. */
  next(type?: string): Promise<Wire>;
}

/** Connects to a native listener; with a nickname, logs in and joins the room. */
export async function openNative(
  scope: Scope,
  server: TestServer,
  nick?: string,
  room = 'lobby',
): Promise<NativePeer> {
  const peer = await openPeer(scope, server.port('tcp'));
  const kept: Wire[] = [];
  let ids = 0;
  const read = async (): Promise<Wire> => JSON.parse(await peer.until('\n')) as Wire;
  const native: NativePeer = {
    ...peer,
    async ask(request) {
      ids += 1;
      const id = `t${ids}`;
      peer.send(`${JSON.stringify({ ...request, id })}\n`);
      for (;;) {
        const answer = await read();
        if (answer.id === id) return answer;
        kept.push(answer);
      }
    },
    async next(type) {
      for (;;) {
        const object = kept.shift() ?? (await read());
        if (type === undefined || object.type === type) return object;
      }
    },
  };
  assert.equal((await native.next()).type, 'hello');
  if (nick !== undefined) {
    assert.equal((await native.ask({ type: 'login', nick })).type, 'ok');
    assert.equal((await native.ask({ type: 'join', room })).type, 'ok');
  }
  return native;
}
