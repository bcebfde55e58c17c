/**
 * The terminal client in line mode: `teahouse chat`. In a terminal somebody
 * talks; in a pipe lines go in and come out. It knows nothing of the protocol
 * and of how a connection is kept: that is the client library's.
 */
import { chatInTerminal } from './conversation.ts';
import type { ChatOptions } from './options.ts';
import { chatInPipe } from './pipe.ts';

export { EXIT, type ChatOptions, type ExitCode } from './options.ts';

/** Runs the command to its end and gives the exit code: one of `EXIT`. */
export function chat(options: ChatOptions): Promise<number> {
  const { stdin, stdout } = options;
  // Whoever reads our output may go before we do.
  const gone = new Promise<void>((resolve) => void stdout.on('error', () => resolve()));
  return stdin.isTTY && stdout.isTTY && !options.json ? chatInTerminal(options) : chatInPipe(options, gone);
}
