/**
 * The command `teahouse`: one file a sub-command, each loading what it needs
 * only when it is the one that runs. Knows nothing of how the server works.
 *
 * Exit codes: 0 done, 1 not done, 2 a mistake of the person at the keyboard
 * (said in one sentence on the error output); `chat` has one more of its own.
 */
import { writeSync } from 'node:fs';

import { Command, CommanderError } from 'commander';

import { makeOneLine } from '../console/one-line.ts';
import { UserError } from '../user-error.ts';
import { addChat } from './chat.ts';
import { addKeys } from './keys.ts';
import { addKick } from './kick.ts';
import { addServe } from './serve.ts';
import { VERSION } from './version.ts';

const STDERR = 2;
const program = new Command('teahouse')
  .description('A self-hosted chat room that anything can join.')
  .version(VERSION)
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .showSuggestionAfterError()
  .addHelpText(
    'after',
    `
Examples:
  teahouse serve                        open the room on the local network
  teahouse chat                         come in from this terminal
  teahouse help serve                   what a sub-command can do

Exit codes: 0 done, 1 not done, 2 a mistake in what was asked, said in one sentence.`,
  );
addServe(program);
addChat(program);
addKick(program);
addKeys(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof UserError) {
    writeSync(STDERR, `teahouse: ${makeOneLine(error.message)}\n`);
    // A server that could not start may have left a timer behind, and the sentence is all that is to come.
    process.exit(2);
  } else throw error;
}
