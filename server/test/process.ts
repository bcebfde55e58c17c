/** The command `teahouse` as a process of its own, as an operator starts it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

import { withPatience } from './harness.ts';

export const TEAHOUSE = join(import.meta.dirname, '../bin/teahouse.js');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Process {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  /** Settles with the match once the output holds one. */
  readonly until: (pattern: RegExp) => Promise<RegExpExecArray>;
  readonly ended: Promise<Ended>;
}

/** Starts a command that ends with the test at the latest. */
export function startProcess(
  t: TestContext,
  command: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Process {
  const child = spawn(command, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', ...options.env },
  });
  t.after(() => child.kill('SIGKILL'));
  const text = { stdout: '', stderr: '' };
  const checks = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text.stdout += chunk;
    for (const check of checks) check();
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.stderr += chunk));
  const { promise: ended, resolve } = Promise.withResolvers<Ended>();
  child.on('close', (code, signal) => {
    resolve({ code, signal, ...text });
    for (const check of checks) check();
  });
  const until = (pattern: RegExp) => {
    const found = Promise.withResolvers<RegExpExecArray>();
    const check = () => {
      const match = pattern.exec(text.stdout);
      if (match) found.resolve(match);
      else if (child.exitCode !== null)
        found.reject(new Error(`it ended without ${pattern}: ${text.stdout}${text.stderr}`));
      else return;
      checks.delete(check);
    };
    checks.add(check);
    check();
    return withPatience(String(pattern), found.promise);
  };
  return { child, stdout: () => text.stdout, until, ended };
}

/** `teahouse` with these words. */
export function startTeahouse(
  t: TestContext,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Process {
  return startProcess(t, process.execPath, [TEAHOUSE, ...args], { env });
}

/** The port that a listener got, from the log in a pipe. */
export async function portOf(server: Process, scheme: string): Promise<number> {
  const [, port] = await server.until(new RegExp(`"url":"${scheme}://[^"]*:(\\d+)`));
  return Number(port);
}

/** The sentence that ended it: one line, no stack, exit code 2. */
export async function complaint(process: Process): Promise<string> {
  const { code, stdout, stderr } = await withPatience('its end', process.ended);
  assert.equal(code, 2, stdout + stderr);
  assert.equal(stdout, '');
  assert.match(stderr, /^teahouse: [^\n]+[.?]\n$/);
  return stderr;
}
