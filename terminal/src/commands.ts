import type { Client } from '@teahouse/client';
import type { Colours } from './colours.ts';
import { entryLines, localDay } from './entry-lines.ts';
import { makeVisible } from './visible.ts';

/** What a command works with. */
export interface CommandContext {
  readonly client: Client;
  readonly room: string;
  readonly colours: Colours;
  print(lines: readonly string[]): void;
  quit(): void;
}

interface Command {
  readonly names: readonly string[];
  readonly usage: string;
  readonly help: string;
  run(rest: string, context: CommandContext): void | Promise<void>;
}

const DEFAULT_ROWS = 50;
const MOST_ROWS = 10_000;

/** The last rows of the room's history, oldest first. The server gives them a page at a time. */
async function readHistory({ client, room }: CommandContext, rows: number) {
  const pages: Awaited<ReturnType<Client['history']>>['entries'][] = [];
  let before: number | undefined;
  for (let left = rows; left > 0;) {
    const page = await client.history(room, {
      limit: Math.min(left, 500),
      ...(before === undefined ? {} : { before }),
    });
    const first = page.entries[0];
    if (!first) break;
    pages.unshift(page.entries);
    before = first.seq;
    left -= page.entries.length;
    if (!page.more) break;
  }
  return pages.flat();
}

async function showHistory(rest: string, context: CommandContext): Promise<void> {
  const rows = rest === '' ? DEFAULT_ROWS : Number(rest);
  if (!Number.isSafeInteger(rows) || rows < 1) return context.print(['Say how many: history 50']);
  const lines: string[] = [];
  let day = '';
  for (const entry of await readHistory(context, Math.min(rows, MOST_ROWS))) {
    if (localDay(entry.time) !== day) {
      day = localDay(entry.time);
      lines.push(context.colours.muted(`--- ${day} ---`));
    }
    lines.push(...entryLines(entry, context.colours));
  }
  context.print(lines.length > 0 ? lines : ['Nothing was said here yet.']);
}

async function showMembers(_rest: string, { client, room, colours, print }: CommandContext): Promise<void> {
  const { members, more } = await client.members(room, { limit: 500 });
  const names = members.map(({ nick }) => colours.name(makeVisible(nick))).join(', ');
  const people = client.room(room)?.people ?? members.length;
  print([`${people === 1 ? 'One person is' : `${people} people are`} here: ${names}${more ? ' …' : ''}`]);
}

async function rename(rest: string, { client, print }: CommandContext): Promise<void> {
  if (rest === '') return print(['Say which name: /nick NAME']);
  // The room sees it as an entry, and so do we.
  if (client.state.is === 'online') return void (await client.nick(rest));
  const { nick } = await client.login({ nick: rest });
  print([`You are ${makeVisible(nick)}.`]);
}

async function changeTopic(rest: string, { client, room, print }: CommandContext): Promise<void> {
  if (rest !== '') return void (await client.topic(room, rest));
  const topic = client.room(room)?.topic ?? '';
  print([topic === '' ? 'There is no topic.' : `The topic: ${makeVisible(topic)}`]);
}

function resend(_rest: string, { client, room, print }: CommandContext): void {
  const failed = client.unsent(room).find(({ state }) => state.is === 'failed');
  if (failed) client.retry(failed.key);
  else print(['Nothing was refused.']);
}

function forget(_rest: string, { client, room, print }: CommandContext): void {
  const failed = client.unsent(room).find(({ state }) => state.is === 'failed');
  if (failed) client.drop(failed.key);
  print([failed ? 'Forgotten.' : 'Nothing was refused.']);
}

const COMMANDS: readonly Command[] = [
  {
    names: ['history', 'histroy'],
    usage: 'history [N]',
    help: `what was said before, the last ${DEFAULT_ROWS} or N; without the slash too`,
    run: showHistory,
  },
  { names: ['who'], usage: '/who', help: 'who is here', run: showMembers },
  { names: ['nick'], usage: '/nick NAME', help: 'take another name', run: rename },
  { names: ['topic'], usage: '/topic [TEXT]', help: 'show the topic, or set it', run: changeTopic },
  { names: ['retry'], usage: '/retry', help: 'send a refused message again', run: resend },
  { names: ['drop'], usage: '/drop', help: 'forget a refused message', run: forget },
  { names: ['help'], usage: '/help', help: 'this list', run: (_rest, { print }) => print(HELP) },
  {
    names: ['quit', 'exit'],
    usage: '/quit',
    help: 'leave; Ctrl-D and Ctrl-C too',
    run: (_rest, { quit }) => quit(),
  },
];

const HELP = [
  'What you type is said in the room. These are not:',
  ...COMMANDS.map(({ usage, help }) => `  ${usage.padEnd(15)}${help}`),
  '  //TEXT         say something that begins with a slash',
];

/** A line that is typed: a command to run, or something to say. */
export type Typed =
  | { readonly is: 'command'; run(context: CommandContext): void | Promise<void> }
  | { readonly is: 'said'; readonly text: string }
  | { readonly is: 'unknown'; readonly name: string }
  | { readonly is: 'nothing' };

/** `history`, also misspelt as in the original's instructions, is a command without a slash too. */
const BARE = /^(?:history|histroy)(?: +\d+)?$/;

/** Reads a typed line. Grammar: `/name rest`, `history [N]`, `//text` for `/text`; anything else is said. */
export function readTyped(line: string): Typed {
  const trimmed = line.trim();
  if (trimmed === '') return { is: 'nothing' };
  if (line.startsWith('//')) return { is: 'said', text: line.slice(1) };
  if (!line.startsWith('/') && !BARE.test(trimmed)) return { is: 'said', text: line };
  const [, name = '', rest = ''] = /^\/?(\S*)\s*(.*)$/s.exec(trimmed) ?? [];
  const command = COMMANDS.find(({ names }) => names.includes(name.toLowerCase()));
  if (!command) return { is: 'unknown', name };
  return { is: 'command', run: (context) => command.run(rest, context) };
}
