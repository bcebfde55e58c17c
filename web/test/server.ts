import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createClient, webSocket, type Client } from '@teahouse/client';

const COMMAND = fileURLToPath(new URL('../../server/bin/teahouse.js', import.meta.url));

/** A real server in a process of its own, on a free port of loopback. */
export type TestServer = {
  port: number;
  url: string;
  /** SIGKILL: as the power going out. */
  kill: () => Promise<void>;
  /** Starts it again on the same port and data. */
  start: () => Promise<void>;
  /** A program that is logged in and in lobby; it leaves with the server. */
  join: (nick: string) => Promise<Client>;
  stop: () => Promise<void>;
};

/** The port from the line in which the server says that it listens. */
async function listeningPort(server: ChildProcess): Promise<number> {
  if (server.stdout === null) throw new Error('The server has no output.');
  for await (const line of createInterface({ input: server.stdout })) {
    const port = /"url":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(line)?.[1];
    if (port !== undefined) {
      server.stdout.resume();
      return Number(port);
    }
  }
  throw new Error('The server ended without listening.');
}

export async function startServer(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'teahouse-web-'));
  const clients: Client[] = [];
  let port = 0;
  let child: ChildProcess;

  async function start(): Promise<void> {
    const listen = `http://127.0.0.1:${port}`;
    // With this flag the command runs in the process that is started, and not in a child of it: that one is to be killed.
    child = spawn(
      process.execPath,
      [
        '--max-semi-space-size=4',
        COMMAND,
        'serve',
        '--data',
        folder,
        '--listen',
        listen,
        '--local',
        '--no-rate-limit',
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    port = await listeningPort(child);
  }

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  await start();
  return {
    port,
    url: `http://localhost:${port}/`,
    kill: () => end('SIGKILL'),
    start,
    async join(nick) {
      const client = createClient({ connect: webSocket(`ws://127.0.0.1:${port}/ws`), rooms: ['lobby'] });
      clients.push(client);
      await client.login({ nick });
      await client.join('lobby');
      return client;
    },
    async stop() {
      for (const client of clients) client.close();
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
