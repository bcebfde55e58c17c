/**
 * A client of login-byte as fragile as the original: one read of at most 1,024
 * bytes is one message, decoded on the spot; a cut character, or a read without
 * `name\n`, is a failure.
 */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import type { TestContext } from 'node:test';
import { startTestServer, withPatience, type TestServer } from './harness.ts';

/** What the original client reads at once. */
export const RECV = 1_024;

export interface Heard {
  readonly name: string;
  readonly text: string;
  readonly bytes: number;
  /** When it was read, in ms. */
  readonly at: number;
}

export interface Original {
  /** What the button and the Enter key send. */
  button(text: string): void;
  enterKey(text: string): void;
  send(bytes: string | Uint8Array): void;
  /** Begins to read, as when the person has clicked the dialog away. */
  click(): void;
  /** The next message, read by one recv. */
  next(): Promise<Heard>;
  /** As `next`, and the first that fits. */
  until(text: string): Promise<Heard>;
  readonly heard: readonly Heard[];
  /** Settles at the end of the connection. */
  readonly ended: Promise<void>;
  close(): void;
  reset(): void;
}

type Options = Parameters<typeof startTestServer>[1];

/** Starts a server with the native front end and this one. */
export function start(t: TestContext, options: Options = {}): Promise<TestServer> {
  return startTestServer(t, { listen: ['tcp://127.0.0.1:0', 'login-byte://127.0.0.1:0'], ...options });
}

/** One recv: what has come, at most 1,024 bytes of it. */
function readMessage(bytes: Buffer): Heard {
  const whole = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const end = whole.indexOf('\n');
  assert.ok(end > 0, `a recv without name: ${JSON.stringify(whole)}`);
  return {
    name: whole.slice(0, end),
    text: whole.slice(end + 1),
    bytes: bytes.length,
    at: performance.now(),
  };
}

/** Connects, sends a name and reads the one byte; then the dialog stands there until it is clicked away. */
export async function logIn(
  t: TestContext,
  server: TestServer,
  name: string,
  from = '127.0.0.1',
): Promise<{ answer: string; client: Original }> {
  const socket = connect({ host: '127.0.0.1', port: server.port('login-byte'), localAddress: from });
  socket.setNoDelay(true);
  t.after(() => socket.destroy());
  socket.on('error', () => socket.destroy());
  const heard: Heard[] = [];
  const queue: Heard[] = [];
  const waiting: ((look: Heard | Error) => void)[] = [];
  let reading = false;
  let failed: Error | null = null;

  const recv = (): void => {
    while (reading && failed === null && socket.readableLength > 0) {
      const bytes = socket.read(Math.min(RECV, socket.readableLength)) as Buffer;
      try {
        const message = readMessage(bytes);
        heard.push(message);
        const waiter = waiting.shift();
        if (waiter === undefined) queue.push(message);
        else waiter(message);
      } catch (error) {
        failed = error as Error;
        for (const waiter of waiting.splice(0)) waiter(failed);
      }
    }
  };
  const ended = new Promise<void>((resolve) => {
    socket.once('end', resolve);
    socket.once('close', () => resolve());
  });
  const first = new Promise<string>((resolve) => {
    const readByte = (): void => {
      const bytes = socket.read() as Buffer | null;
      if (bytes === null) return;
      socket.off('readable', readByte);
      socket.on('readable', recv);
      resolve(bytes.toString('latin1'));
    };
    socket.on('readable', readByte);
  });
  socket.write(name);
  const answer = await withPatience(`the answer to ${name}`, first);
  const next = async (): Promise<Heard> => {
    const here = queue.shift();
    if (here !== undefined) return here;
    if (failed !== null) throw failed;
    const come = await withPatience(
      'a message',
      new Promise<Heard | Error>((resolve) => waiting.push(resolve)),
    );
    if (come instanceof Error) throw come;
    return come;
  };
  const client: Original = {
    send: (bytes) => void socket.write(bytes),
    button: (text) => void socket.write(`${text}\n`),
    enterKey: (text) => void socket.write(`${text}\n\n`),
    click() {
      reading = true;
      recv();
    },
    next,
    async until(text) {
      for (;;) {
        const message = await next();
        if (message.text.trimEnd() === text) return message;
      }
    },
    heard,
    ended,
    close: () => void socket.end(),
    reset: () => void socket.resetAndDestroy(),
  };
  return { answer, client };
}

/** Logs in, clicks the dialog away and says the first word, so that nothing is padded any more. */
export async function enter(
  t: TestContext,
  server: TestServer,
  name: string,
  from?: string,
): Promise<Original> {
  const { answer, client } = await logIn(t, server, name, from);
  assert.equal(answer, 'Y');
  client.click();
  client.enterKey('here');
  return client;
}

/** Whether a native message is this text. */
export const said =
  (text: string) =>
  (each: Record<string, unknown>): boolean =>
    each['type'] === 'message' && each['text'] === text;
export const textsOf = (messages: readonly Record<string, unknown>[]): unknown[] =>
  messages.filter((each) => each['type'] === 'message').map((each) => each['text']);
