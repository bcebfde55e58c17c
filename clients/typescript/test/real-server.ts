import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';

const COMMAND = join(import.meta.dirname, '../../../server/bin/teahouse.js');

/** A server in a process of its own, which a test can kill and start again in the same place. */
export interface RealServer {
  readonly tcpPort: number;
  readonly httpPort: number;
  /** Ends the process as the system would: at once. */
  kill(): Promise<void>;
  /** Asks it to stop. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

interface Listening {
  readonly kind: string;
  readonly frontend: string;
  readonly url: string;
}

/** Waits until both listeners said that they are ready, and gives their ports. */
async function readPorts(server: ChildProcess): Promise<{ tcp: number; http: number }> {
  const ports: Record<string, number> = {};
  for await (const line of createInterface({ input: server.stdout! })) {
    if (!line.startsWith('{')) continue;
    const said = JSON.parse(line) as Listening;
    if (said.kind === 'listening') ports[said.frontend] = Number(new URL(said.url).port);
    if (ports['tcp'] && ports['http']) break;
  }
  server.stdout!.resume();
  return { tcp: ports['tcp'] ?? 0, http: ports['http'] ?? 0 };
}

/** Starts `teahouse serve` on free ports with a data folder of its own; both go with the test. */
export async function startRealServer(t: TestContext): Promise<RealServer> {
  const data = await mkdtemp(join(tmpdir(), 'teahouse-client-'));
  let ports = { tcp: 0, http: 0 };
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const listen = [`tcp://127.0.0.1:${ports.tcp}`, `http://127.0.0.1:${ports.http}`];
    const args = ['serve', '--data', data, '--no-rate-limit', ...listen.flatMap((url) => ['--listen', url])];
    child = spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    ports = await readPorts(child);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  await start();
  t.after(async () => {
    await end('SIGKILL');
    await rm(data, { recursive: true, force: true });
  });
  return {
    get tcpPort() {
      return ports.tcp;
    },
    get httpPort() {
      return ports.http;
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    start,
  };
}
