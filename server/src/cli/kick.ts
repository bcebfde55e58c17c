import type { Command } from 'commander';

import { askServer } from '../data-folder/control.ts';
import { UserError } from '../user-error.ts';
import { dataOption } from './options.ts';

/** `teahouse kick NAME` */
export function addKick(program: Command): void {
  program
    .command('kick <name>')
    .description('Put somebody out of the running server on this machine.')
    .addOption(dataOption())
    .addHelpText(
      'after',
      `
All connections of the person end, and they are out of every room. It is no
ban: they may come in again, as anybody may.

Examples:
  teahouse kick ada
  teahouse kick 小明 --data /var/lib/teahouse

Exit codes: 0 they were put out, 1 nobody here has that name, 2 no server runs
on that data folder.`,
    )
    .action(kick);
}

async function kick(name: string, { data }: { data: string }): Promise<void> {
  const answer = await askServer(data, { ask: 'kick', nick: name });
  if (answer === null)
    throw new UserError(`No server runs on the data folder ${data}: give its folder with --data.`);
  const kicked = answer.ok && 'kicked' in answer && answer.kicked;
  process.exitCode = kicked ? 0 : 1;
  if (!kicked)
    process.stderr.write(`teahouse: ${answer.ok ? 'nobody here has that name' : answer.message}.\n`);
}
