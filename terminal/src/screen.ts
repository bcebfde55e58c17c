import { createInterface, clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';

/**
 * A terminal in line mode: one line is being typed at the bottom, and what
 * others say is printed above it, without touching what is typed.
 */
export interface Screen {
  /** The next line typed; `undefined` when there will be none: Ctrl-C, Ctrl-D, the window is closed. */
  read(prompt: string): Promise<string | undefined>;
  print(lines: readonly string[]): void;
  /** Fulfilled when there will be no more lines. */
  readonly ended: Promise<void>;
  close(): void;
}

export function createScreen(input: ReadStream, output: WriteStream): Screen {
  const editor = createInterface({ input, output, terminal: true, historySize: 200 });
  const typed: string[] = [];
  let reader: ((line: string | undefined) => void) | undefined;
  let closed = false;

  function hand(line: string | undefined): void {
    const waiting = reader;
    reader = undefined;
    if (waiting) waiting(line);
    else if (line !== undefined) typed.push(line);
  }

  editor.on('line', hand);
  // A window that was closed has no mode to go back to; `close` follows.
  editor.on('error', () => {});
  editor.on('SIGINT', () => editor.close());
  const ended = new Promise<void>((resolve) => {
    editor.on('close', () => {
      closed = true;
      // The prompt stands there, with nothing after it.
      if (reader) output.write('\n');
      hand(undefined);
      resolve();
    });
  });

  function read(prompt: string): Promise<string | undefined> {
    // Lines that were pasted while nobody asked are answers to the next questions.
    if (typed.length > 0) return Promise.resolve(typed.shift());
    if (closed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      reader = resolve;
      editor.setPrompt(prompt);
      editor.prompt(true);
    });
  }

  function print(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const text = lines.map((line) => `${line}\n`).join('');
    if (!reader) return void output.write(text);
    // The typed line may be wrapped over several rows: go to its first one.
    moveCursor(output, 0, -editor.getCursorPos().rows);
    cursorTo(output, 0);
    clearScreenDown(output);
    output.write(text);
    // Else the editor goes up by the rows that it remembers, which after a paste are not those it uses.
    Object.assign(editor, { prevRows: 0 });
    editor.prompt(true);
  }

  return { read, print, ended, close: () => editor.close() };
}
