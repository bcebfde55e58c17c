import { Option } from 'commander';

/** `--data DIR`, the same for every sub-command that has to do with a server of this machine. */
export function dataOption(): Option {
  return new Option('--data <dir>', 'the folder that the server keeps everything in').default(
    './teahouse-data',
    '"./teahouse-data"',
  );
}

/** `--config FILE`. */
export function configOption(): Option {
  return new Option(
    '--config <file>',
    'the config file (default: teahouse.toml in the data folder, if it is there)',
  );
}
