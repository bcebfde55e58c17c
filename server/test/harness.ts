/**
 * Starts real servers in throw-away folders and talks to them over real
 * sockets. Everything waits for an event or a round trip, never for a time.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

import { readConfig, type Config, type Scheme } from '../src/config/config.ts';
import type { JournalEvent } from '../src/console/journal-event.ts';
import { startServer, type RunningServer } from '../src/main.ts';

/** A message of the native protocol, as a test reads it. */
export type Message = Record<string, unknown> & { readonly type: string };

type Sections = { readonly [S in keyof Config]?: Partial<Config[S]> };

export interface TestServerOptions {
  /** Listener URLs; by default native TCP on a free port. */
  readonly listen?: readonly string[];
  /** Values that differ from the defaults, by section. */
  readonly config?: Sections;
  /** Off by default: most tests are not about rates. */
  readonly rateLimits?: boolean;
  /** The folder of an earlier server, to start again on it. */
  readonly folder?: string;
}

export interface TestServer {
  readonly folder: string;
  readonly running: RunningServer;
  readonly journal: JournalEvent[];
  port(scheme: Scheme): number;
  stop(): Promise<void>;
}

/** Makes a folder that goes with the test. */
export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'teahouse-test-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a server that stops with the test. */
export async function startTestServer(t: TestContext, options: TestServerOptions = {}): Promise<TestServer> {
  const folder = options.folder ?? (await temporaryFolder(t));
  const listen = options.listen ?? ['tcp://127.0.0.1:0'];
  const base = readConfig({ dataFolder: folder, env: {}, listen });
  const config = Object.fromEntries(
    Object.entries(base).map(([section, values]) => [
      section,
      { ...values, ...options.config?.[section as keyof Config] },
    ]),
  ) as Config;
  const journal: JournalEvent[] = [];
  const running = await startServer({
    config,
    dataFolder: folder,
    rateLimits: options.rateLimits ?? false,
    journal: (event) => journal.push(event),
  });
  t.after(() => running.stop());
  return {
    folder,
    running,
    journal,
    port(scheme) {
      const listener = running.listeners.find((each) => each.scheme === scheme);
      if (listener === undefined) throw new Error(`no ${scheme} listener`);
      return listener.port;
    },
    stop: () => running.stop(),
  };
}

/** Longest wait for something that must come, in ms: a test that would hang fails with a sentence instead. */
const PATIENCE_MS = 10_000;

export function withPatience<T>(what: string, promise: Promise<T>, ms = PATIENCE_MS): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`waited ${ms} ms for ${what}`)), ms);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export interface NativeClient {
  readonly socket: Socket;
  /** Everything received so far, in order. */
  readonly received: Message[];
  /** The raw lines of `received`. */
  readonly lines: string[];
  /** Settles when the connection is closed. */
  readonly closed: Promise<void>;
  /** Writes one line; an object is written as JSON. */
  send(message: object | string): void;
  /** Sends a request with a fresh id and waits for its answer, whatever it is. */
  request(message: Record<string, unknown>): Promise<Message>;
  /** As `request`, and fails unless the answer is ok. */
  ok(message: Record<string, unknown>): Promise<Message>;
  /** The first message, received already or still to come, that fits. */
  until(what: string, fits: (message: Message) => boolean): Promise<Message>;
  /** Waits for one round trip, so that everything sent before it has arrived. */
  roundTrip(): Promise<void>;
  close(): void;
}

let nextId = 0;

/** Connects to a native TCP listener and reads its lines. */
export async function connectNative(t: TestContext, port: number, host = '127.0.0.1'): Promise<NativeClient> {
  const socket = connect(port, host);
  t.after(() => socket.destroy());
  await withPatience(
    'a connection',
    new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject)),
  );
  const received: Message[] = [];
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) {
      lines.push(line);
      received.push(JSON.parse(line) as Message);
    }
    for (const check of waiting) check();
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  void closed.then(() => waiting.forEach((check) => check()));

  const until = (what: string, fits: (message: Message) => boolean): Promise<Message> => {
    const { promise, resolve, reject } = Promise.withResolvers<Message>();
    let from = 0;
    const check = (): void => {
      for (; from < received.length; from += 1) {
        const message = received[from];
        if (message === undefined || !fits(message)) continue;
        waiting.delete(check);
        return resolve(message);
      }
      if (socket.destroyed) reject(new Error(`the connection closed before ${what}`));
    };
    waiting.add(check);
    check();
    return withPatience(what, promise);
  };

  const client: NativeClient = {
    socket,
    received,
    lines,
    closed,
    send: (message) =>
      void socket.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`),
    request(message) {
      nextId += 1;
      const id = `t${nextId}`;
      client.send({ ...message, id });
      return until(`the answer to ${String(message['type'])}`, (each) => each['id'] === id);
    },
    async ok(message) {
      const answer = await client.request(message);
      if (answer.type !== 'ok') throw new Error(`${String(message['type'])}: ${JSON.stringify(answer)}`);
      return answer;
    },
    until,
    async roundTrip() {
      await client.request({ type: 'ping' });
    },
    close: () => void socket.end(),
  };
  return client;
}

/** Connects, logs in as a guest and joins a room. */
export async function comeIn(
  t: TestContext,
  port: number,
  nick: string,
  options: { readonly room?: string | null; readonly since?: number; readonly hold?: boolean } = {},
): Promise<NativeClient & { readonly id: string; readonly session: string }> {
  const client = await connectNative(t, port);
  const login = await client.ok({
    type: 'login',
    nick,
    ...(options.hold === undefined ? {} : { hold: options.hold }),
  });
  const room = options.room === undefined ? 'lobby' : options.room;
  if (room !== null)
    await client.ok({ type: 'join', room, ...(options.since === undefined ? {} : { since: options.since }) });
  const person = login['person'] as { id: string };
  return { ...client, id: person.id, session: String(login['session']) };
}
