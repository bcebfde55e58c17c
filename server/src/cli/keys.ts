import type { Command } from 'commander';

import { readConfig } from '../config/config.ts';
import { askServer } from '../data-folder/control.ts';
import { readRsaKey } from '../data-folder/rsa-key.ts';
import { UserError } from '../user-error.ts';
import { configOption, dataOption } from './options.ts';

/** `teahouse keys` */
export function addKeys(program: Command): void {
  program
    .command('keys')
    .description('Print the public key of rsa-line as PEM.')
    .addOption(dataOption())
    .addOption(configOption())
    .addHelpText(
      'after',
      `
Clients of rsa-line encrypt their name with this key. A running server gives it
at /rsa-public-key.pem too. The key pair is made when a server first starts; to
bring one of your own, see docs/operating.md.

Examples:
  teahouse keys > rsa-public-key.pem
  teahouse keys --data /var/lib/teahouse

Exit codes: 0 printed, 2 there is no key yet, or it cannot be read.`,
    )
    .action(printKey);
}

async function printKey({ data, config }: { data: string; config?: string }): Promise<void> {
  const answer = await askServer(data, { ask: 'keys' });
  const key = answer?.ok === true && 'publicKey' in answer ? answer.publicKey : null;
  process.stdout.write(key ?? (await readStoredKey(data, config)));
}

/** Of a server that is not running, or has no listener that needs the key. */
async function readStoredKey(data: string, file: string | undefined): Promise<string> {
  const { rsa } = readConfig({ file, dataFolder: data, env: process.env });
  const key = await readRsaKey(data, rsa);
  if (key === null)
    throw new UserError(
      `There is no key in the data folder ${data} yet: it is made when the server first starts.`,
    );
  return key.publicKey;
}
