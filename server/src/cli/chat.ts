import type { Command } from 'commander';

/** `teahouse chat` */
export function addChat(program: Command): void {
  program
    .command('chat [address]')
    .description('Come in from this terminal, or from a script.')
    .option('--name <name>', 'the nickname; asked for if it is left out')
    .option('--room <room>', 'the room to come into', 'lobby')
    .option('--json', 'the native objects, one to a line, in place of text')
    .addHelpText(
      'after',
      `
The address is host:port, or host alone (port 8089), or a URL: tcp://, ws://,
or http://, as the page's; without one it is asked for. What you type is said in
the room; "history" shows what was said before, "/help" what else there is.

In a pipe, each line of the input is said, and what others say comes out a line
at a time, or as the native objects with --json. The command ends when its input
does and everything is said; with an empty input that is at once.

Examples:
  teahouse chat localhost:8089 --name ada
  echo "class is over" | teahouse chat chat.example.org:8089 --name bell
  tail -f app.log | teahouse chat localhost:8089 --name log --json

Exit codes: 0 everything was said, 1 no connection, or the server did not let
you in or put you out, 2 a mistake in what was asked, 3 something was not said.`,
    )
    .action(chat);
}

async function chat(
  address: string | undefined,
  options: { name?: string; room: string; json?: boolean },
): Promise<void> {
  const terminal = await import('@teahouse/terminal');
  const { stdin, stdout, stderr, env } = process;
  process.exitCode = await terminal.chat({
    ...(address === undefined ? {} : { address }),
    ...options,
    stdin,
    stdout,
    stderr,
    env,
  });
}
