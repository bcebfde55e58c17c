import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { isatty } from 'node:tty';

import { readConfig } from '../config/config.ts';
import type { Config } from '../config/config.ts';
import { formatGreeting } from '../console/greeting.ts';
import { createJournal } from '../console/journal.ts';
import type { Journal } from '../console/journal.ts';
import { createLineSink, createStreamSink } from '../console/line-sink.ts';
import { findLanAddress } from '../console/network.ts';
import { startServer } from '../main.ts';
import type { RunningServer } from '../main.ts';
import type { ServeOptions } from './serve.ts';
import { VERSION } from './version.ts';

/** Milliseconds from the first signal to the end, come what may; the promise is 5 s. */
const LONGEST_STOP = 4500;
/** Milliseconds that the last lines may take to be written. */
const LONGEST_FLUSH = 250;
/** Milliseconds between two looks at the parent process. */
const PARENT_WATCH = 250;
const STARTED_BY_NPM = process.env['npm_execpath'] !== undefined;
const STDOUT = 1;

/** Runs the server until a signal, and ends the process. */
export async function serve(options: ServeOptions): Promise<void> {
  const stop = catchSignals();
  const config = readConfig({
    file: options.config,
    dataFolder: options.data,
    env: process.env,
    listen: options.listen,
    local: options.local,
  });
  const journal = await openJournal(config);
  endOnDefect(journal);
  if (process.getuid?.() === 0) {
    journal.report({
      kind: 'notice',
      message: 'Running as root: whatever breaks in may do everything; a user of its own is safer.',
    });
  }
  const server = await startServer({
    config,
    dataFolder: options.data,
    rateLimits: options.rateLimit,
    journal: journal.report,
  });
  journal.open(greet(config, options, server));
  const reason = await stop;
  journal.report({ kind: 'stopping', reason });
  await server.stop();
  journal.report({ kind: 'stopped' });
  await end(journal, 0);
}

/**
 * Settles with the name of the first signal; those after it change nothing.
 * From then on the time is limited, in the midst of starting too.
 */
function catchSignals(): Promise<string> {
  const first = Promise.withResolvers<string>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => first.resolve(signal));
  }
  if (STARTED_BY_NPM) watchParent(() => first.resolve('SIGTERM'));
  void first.promise.then(() => setTimeout(() => process.exit(0), LONGEST_STOP).unref());
  return first.promise;
}

/**
 * npm runs a command in a shell, and passes a signal on to that shell alone,
 * which dies of it and tells nobody. Its end is then all that the server
 * notices of the signal.
 */
function watchParent(gone: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    gone();
  }, PARENT_WATCH);
  timer.unref();
}

/**
 * A defect that nothing caught ends the process, as what was in memory may be
 * wrong; the log on disk is whole. Its message may quote what somebody wrote,
 * so the journal shows the rest of it only.
 */
function endOnDefect(journal: Journal): void {
  process.on('uncaughtException', (error) => {
    journal.open('');
    journal.report({ kind: 'trouble', where: 'server', message: 'a defect; the server ends', error });
    void end(journal, 1);
  });
}

async function openJournal({ log }: Config): Promise<Journal> {
  const isTerminal = isatty(STDOUT);
  return createJournal({
    // The Windows console takes text, not bytes of UTF-8, and Node's stream to it does not block.
    sink:
      isTerminal && process.platform === 'win32' ? createStreamSink(process.stdout) : createLineSink(STDOUT),
    isTerminal,
    colour: isTerminal && mayColour(),
    level: log.level,
    linesPerSecond: log.linesPerSecond,
    clock: {
      now: Date.now,
      later: (call, milliseconds) => void setTimeout(call, milliseconds).unref(),
    },
  });
}

function greet(config: Config, options: ServeOptions, server: RunningServer): string {
  return formatGreeting({
    version: VERSION,
    listeners: server.listeners,
    lanAddress: findLanAddress(networkInterfaces()),
    publicUrl: config.server.publicUrl,
    dataFolder: resolve(options.data),
    command: STARTED_BY_NPM ? 'npx --no teahouse' : 'teahouse',
    qrCode: isatty(STDOUT),
    colour: mayColour(),
  });
}

/** https://no-color.org */
function mayColour(): boolean {
  return !process.env['NO_COLOR'];
}

async function end(journal: Journal, code: number): Promise<void> {
  await within(LONGEST_FLUSH, journal.flush());
  process.exit(code);
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, milliseconds);
  await Promise.race([work, over.promise]);
  clearTimeout(timer);
}
