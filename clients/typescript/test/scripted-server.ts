import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tcp } from '../src/node.ts';

type Said = Record<string, unknown>;

/** One connection to the scripted server. */
export interface Peer {
  /** The next line of the client, which must be of this type. */
  expect(type: string): Promise<Said>;
  answer(request: Said, fields?: Said): void;
  refuse(request: Said, code: string): void;
  say(...messages: Said[]): void;
  raw(text: string): void;
  end(): void;
  /** Fulfilled when the client has gone. */
  readonly gone: Promise<unknown>;
  /** Lines that nobody expected yet. */
  readonly rest: readonly Said[];
}

export const ADA = { id: 'p1', nick: 'Ada' };
export const BOB = { id: 'p2', nick: 'Bob' };
export const HELLO = {
  type: 'hello',
  server: 'Scripted',
  protocol: 1,
  log: 'log-1',
  login: ['guest', 'session'],
  limits: {},
};

/** A message of a room as the server says it. */
export function entry(seq: number, fields: Said = {}): Said {
  return {
    type: 'message',
    room: 'lobby',
    seq,
    time: '2026-11-24T08:00:00.000Z',
    from: BOB,
    text: `text ${seq}`,
    ...fields,
  };
}

/** Room fields of an answer to `join`. */
export function joined(lastSeq: number, from = lastSeq + 1, fields: Said = {}): Said {
  return { room: { name: 'lobby', topic: '', lastSeq, people: 2 }, members: [ADA, BOB], from, ...fields };
}

function createPeer(socket: Socket): Peer {
  const lines: Said[] = [];
  let wake = () => {};
  let held = '';
  socket.setEncoding('utf8');
  socket.on('error', () => {});
  socket.on('data', (chunk: string) => {
    const parts = (held + chunk).split('\n');
    held = parts.pop() ?? '';
    lines.push(...parts.map((line) => JSON.parse(line) as Said));
    wake();
  });
  const raw = (text: string) => void socket.write(text);
  const say = (...messages: Said[]) =>
    raw(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
  return {
    async expect(type) {
      while (lines.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const said = lines.shift()!;
      if (said['type'] !== type) throw new Error(`expected ${type}, got ${JSON.stringify(said)}`);
      return said;
    },
    answer: (request, fields = {}) => say({ type: 'ok', id: request['id'], ...fields }),
    refuse: (request, code) => say({ type: 'error', id: request['id'], code, message: code }),
    say,
    raw,
    end: () => void socket.destroy(),
    gone: once(socket, 'close'),
    rest: lines,
  };
}

/** A real TCP server whose every word comes from the test. */
export async function startScriptedServer() {
  const waiting: Peer[] = [];
  let wake = () => {};
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    waiting.push(createPeer(socket));
    wake();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  /** The next connection, not greeted yet. */
  async function accept(): Promise<Peer> {
    while (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return waiting.shift()!;
  }

  /** The next connection, greeted and logged in as Ada. */
  async function acceptAda(): Promise<Peer> {
    const peer = await accept();
    peer.say(HELLO);
    peer.answer(await peer.expect('login'), { session: 'secret', person: ADA });
    return peer;
  }

  /** The same, in the lobby. */
  async function acceptInLobby(lastSeq: number): Promise<Peer> {
    const peer = await acceptAda();
    peer.answer(await peer.expect('join'), joined(lastSeq));
    return peer;
  }

  return {
    connect: tcp('127.0.0.1', port),
    port,
    accept,
    acceptAda,
    acceptInLobby,
    connections: () => connections,
    stop: () => void server.close(),
  };
}
