import { environmentName } from './config.ts';
import type { FileValue, Key } from './key.ts';
import { KEYS } from './keys.ts';

/** Columns of the prose. */
const WIDTH = 92;

const ABOUT_SECTION: Record<keyof typeof KEYS, string> = {
  server: 'Where it listens and what it is called.',
  lobby: 'The first room.',
  limits: 'Sizes, counts and times. What belongs to the protocol is told to every client.',
  rates:
    'How often. "2/s burst 20": two a second in the long run, twenty at once after a quiet while. --no-rate-limit lifts everything in this section.',
  classic: 'The two classic protocols.',
  rsa: 'The key of rsa-line.',
  http: 'The web server.',
  log: 'What the server says of itself.',
};

/** The commented example file: every key at its default, commented out, with what it is for and what it may be. */
export function formatExample(): string {
  const head = [
    ...comment(
      'The config of Teahouse. Put what you change into teahouse.toml in the data folder, or name the file with --config. Everything below stands at its default.',
    ),
    '#',
    ...comment(
      `Each key can be given in the environment too: ${environmentName('limits', 'lineBytes')} for lineBytes in [limits]; a list with commas. A flag of the command goes over the environment, that over the file.`,
    ),
  ];
  return `${[...head, ...Object.entries(KEYS).flatMap(([name, keys]) => formatSection(name as keyof typeof KEYS, keys))].join('\n')}\n`;
}

function formatSection(name: keyof typeof KEYS, keys: Readonly<Record<string, Key<unknown>>>): string[] {
  const lines = ['', '', ...comment(ABOUT_SECTION[name]), `[${name}]`];
  let said = '';
  for (const [key, { about, allowed, standard }] of Object.entries(keys)) {
    lines.push('', ...comment(about));
    if (allowed !== said) lines.push(...comment(`Allowed: ${allowed}.`));
    lines.push(`#${key} = ${formatValue(standard)}`);
    said = allowed;
  }
  return lines;
}

function formatValue(value: FileValue): string {
  // TOML writes numbers, booleans, lists and texts without control characters as JSON does.
  if (typeof value !== 'object') return JSON.stringify(value);
  return value.length === 0 ? '[]' : `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
}

/** The text as lines that begin with `# `, filled to the width. */
function comment(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`# ${word}`);
  }
  return lines;
}
