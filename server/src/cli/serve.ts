import { Option } from 'commander';
import type { Command } from 'commander';

import { configOption, dataOption } from './options.ts';

/** The options of `teahouse serve`, as commander gives them. */
export interface ServeOptions {
  readonly config?: string;
  readonly data: string;
  readonly listen: readonly string[];
  readonly local?: boolean;
  readonly rateLimit: boolean;
}

/** `teahouse serve` */
export function addServe(program: Command): void {
  program
    .command('serve')
    .description('Open the room, and keep it open until Ctrl-C.')
    .addOption(configOption())
    .addOption(dataOption())
    .addOption(
      new Option('--listen <url>', 'listen here, and only where --listen says; may be given several times')
        .argParser((url, before: readonly string[]) => [...before, url])
        .default([], 'the four below'),
    )
    .option('--local', 'let nobody in but this machine')
    .option(
      '--no-rate-limit',
      'lift every rate, and every count by address or person; sizes and time-outs stay',
    )
    .addHelpText(
      'after',
      `
A listener is a URL; host, port and room may be left out:
  http://[::]:8080           the page, /ws, /healthz, /rsa-public-key.pem
  tcp://[::]:8089            the native protocol, one JSON object to a line
  rsa-line://[::]:8887/room  names encrypted with RSA, then lines
  login-byte://[::]:8888     names answered with one byte, then text
Without --listen these four are open, on every address of this machine.

Every setting stands in docs/teahouse.example.toml. A flag goes over the
environment (TEAHOUSE_SECTION_KEY), that over the config file.

Examples:
  teahouse serve
  teahouse serve --local --data /tmp/tea
  teahouse serve --listen http://:80 --listen tcp://[::]:8089/garden

Ctrl-C, SIGTERM and SIGHUP close it cleanly within 5 seconds.

Exit codes: 0 stopped as asked, 1 ended by a defect, 2 it could not start, and
one sentence says why.`,
    )
    .action(async (options: ServeOptions) => {
      const { serve } = await import('./run-server.ts');
      await serve(options);
    });
}
