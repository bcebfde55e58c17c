/** The server under test, as a process: started on free ports with a fresh data folder, watched from outside through /proc, stopped by SIGTERM. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { Target, Transport } from './load/peer.ts';
import { canPin, cpuSecondsOf, familyOf, pinned, residentBytesOf } from './machine.ts';

export interface Server {
  target(transport: Transport): Target;
  readonly dataFolder: string;
  /** Milliseconds from the start of the process until all listeners were told. */
  readonly startedInMs: number;
  /** CPU seconds of the process with all its threads, or null where /proc is not there. */
  cpuSeconds(): number | null;
  /** Bytes of resident memory, or null where /proc is not there. */
  residentBytes(): number | null;
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const runs = fileURLToPath(new URL('../.runs', import.meta.url));
const START_MS = 20_000;
const SERVER_CORE = 0;

/** Starts the command that `npx --no teahouse` runs, without npx, whose own start is not the server's. */
export async function startServer(): Promise<Server> {
  mkdirSync(runs, { recursive: true });
  const dataFolder = mkdtempSync(join(runs, 'data-'));
  const command = [
    process.execPath,
    join(root, 'server/bin/teahouse.js'),
    'serve',
    '--data',
    dataFolder,
    '--listen',
    'tcp://127.0.0.1:0',
    '--listen',
    'http://127.0.0.1:0',
    '--no-rate-limit',
  ];
  const [program = '', ...args] = canPin() ? pinned(SERVER_CORE, command) : command;
  const begin = performance.now();
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const ports = await readPorts(child).catch((error: unknown) => {
    rmSync(dataFolder, { recursive: true, force: true });
    throw error;
  });
  const startedInMs = performance.now() - begin;
  const pid = child.pid ?? 0;
  return {
    dataFolder,
    startedInMs,
    target: (transport) => ({
      transport,
      host: '127.0.0.1',
      port: transport === 'tcp' ? ports.tcp : ports.http,
    }),
    cpuSeconds: () => cpuSecondsOf(familyOf(pid)),
    residentBytes: () => residentBytesOf(familyOf(pid)),
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null && child.kill('SIGTERM')) await ended;
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

/** Reads what the server says until the address of each listener was in it; what follows is read and dropped, so that the pipe never fills. */
function readPorts(child: ChildProcess): Promise<{ readonly tcp: number; readonly http: number }> {
  return new Promise((resolve, reject) => {
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) return reject(new Error('the server has no output'));
    const ports = { tcp: 0, http: 0 };
    let errors = '';
    stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-4000)));
    const timer = setTimeout(() => fail('it did not tell its listeners'), START_MS);
    child.once('error', reject);
    child.once('exit', (code, signal) => fail(signal ?? `exit code ${code}`));
    let told = '';
    const read = (text: string): void => {
      told += text;
      for (const [, scheme, port] of told.matchAll(/\b(tcp|http):\/\/[^\s"/]+:([1-9]\d*)\b/g)) {
        ports[scheme === 'tcp' ? 'tcp' : 'http'] = Number(port);
      }
      if (ports.tcp === 0 || ports.http === 0) return;
      clearTimeout(timer);
      stdout.off('data', read).resume();
      resolve(ports);
    };
    stdout.setEncoding('utf8').on('data', read);
    function fail(why: string): void {
      clearTimeout(timer);
      child.kill();
      reject(new Error(`the server did not start: ${why}\n${errors}`));
    }
  });
}
