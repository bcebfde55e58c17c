import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { render } from './render.ts';

const COMMAND = join(import.meta.dirname, '../../server/bin/teahouse.js');
const PTY = join(import.meta.dirname, 'run-on-pty.py');
const COLUMNS = 60;

/** The command under way. */
export interface Run {
  /** Its standard output so far: in a terminal, all that came to the screen. */
  output(): string;
  errors(): string;
  /** What a terminal would show. */
  screen(): string[];
  type(text: string): void;
  endInput(): void;
  /** Closes the window of a terminal. */
  closeWindow(): void;
  /** Fulfilled when the output holds this. */
  shows(text: string | RegExp): Promise<void>;
  /** The exit code. */
  readonly ended: Promise<number>;
}

/** What the machine that runs the tests says of colours is not what they test. */
const NO_OPINION = { CI: undefined, NO_COLOR: undefined, FORCE_COLOR: undefined };

function run(t: TestContext, program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Run {
  const child = spawn(program, args, {
    env: { ...process.env, TZ: 'UTC', TERM: 'xterm-256color', ...NO_OPINION, ...env },
  });
  let output = '';
  let errors = '';
  let wake = () => {};
  child.stdin.on('error', () => {});
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
    wake();
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
  const ended = once(child, 'close').then(([code]) => {
    wake();
    return code as number;
  });
  t.after(() => child.kill('SIGKILL'));
  return {
    output: () => output,
    errors: () => errors,
    screen: () => render(output, COLUMNS),
    type: (text) => void child.stdin.write(text),
    endInput: () => child.stdin.end(),
    closeWindow: () => void child.kill('SIGKILL'),
    async shows(text) {
      const fits = () => (typeof text === 'string' ? output.includes(text) : text.test(output));
      while (!fits()) {
        if (child.exitCode !== null) throw new Error(`it ended and did not show ${text}: ${output}${errors}`);
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    ended,
  };
}

/** `teahouse chat …` in a pipe. */
export function runInPipe(t: TestContext, args: readonly string[]): Run {
  return run(t, process.execPath, [COMMAND, 'chat', ...args]);
}

/** `teahouse chat …` with this input. */
export function runWithInput(t: TestContext, args: readonly string[], input: string): Run {
  const running = runInPipe(t, args);
  running.type(input);
  running.endInput();
  return running;
}

/** `teahouse chat …` on a terminal of 60 columns. */
export function runInTerminal(t: TestContext, args: readonly string[], env?: NodeJS.ProcessEnv): Run {
  return run(t, 'python3', [PTY, process.execPath, COMMAND, 'chat', ...args], env);
}
