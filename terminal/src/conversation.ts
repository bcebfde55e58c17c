import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@teahouse/client';
import type { Place } from './address.ts';
import { createColours, type Colours } from './colours.ts';
import { connect, logIn, type Connected } from './come-in.ts';
import { readTyped, type CommandContext } from './commands.ts';
import { explain } from './explain.ts';
import { EXIT, type ChatOptions, type ExitCode } from './options.ts';
import { createScreen, type Screen } from './screen.ts';
import { makeVisible } from './visible.ts';
import { watchConnection, watchRefusals, watchRoom } from './watch.ts';

/** The original's prompt. */
const PROMPT = '>> ';
/** What is on its way when somebody quits gets this long, in milliseconds. */
const GRACE = 3_000;

const SIGNALS = ['SIGHUP', 'SIGTERM'] as const;

/** Talks with somebody at a terminal until they leave. */
export async function chatInTerminal(options: ChatOptions): Promise<ExitCode> {
  const screen = createScreen(options.stdin, options.stdout);
  let client: Client | undefined;
  let entered = false;
  async function run(): Promise<ExitCode> {
    const connected = await connect(screen, options.address, (attempt) => (client = attempt));
    if (!connected || !(await logIn(screen, connected, options.name))) return EXIT.refused;
    entered = true;
    return converse(screen, connected, options);
  }
  // Whoever presses Ctrl-C while we connect does not want to wait for the answer.
  const given = new Promise<ExitCode>((resolve) => {
    void screen.ended.then(() => {
      if (!entered) resolve(EXIT.refused);
    });
  });
  // A window that is closed frees the name too.
  for (const signal of SIGNALS) process.once(signal, screen.close);
  try {
    return await Promise.race([run(), given]);
  } finally {
    for (const signal of SIGNALS) process.off(signal, screen.close);
    client?.close();
    screen.close();
  }
}

async function converse(screen: Screen, connected: Connected, options: ChatOptions): Promise<ExitCode> {
  const { client, place } = connected;
  const name = options.room ?? 'lobby';
  const colours = createColours(options.stdout.getColorDepth(options.env));
  const typedHere = new Set<string>();
  let code: ExitCode = EXIT.ok;
  watchRoom(client, screen, colours, typedHere);
  watchRefusals(client, screen, colours);
  watchConnection(connected, screen, colours, () => {
    code = EXIT.refused;
    screen.close();
  });
  try {
    const room = await client.join(name);
    screen.print(welcome(room.name, room.people, room.topic, colours));
  } catch (error) {
    screen.print([explain(error, place)]);
    return EXIT.refused;
  }
  const context: CommandContext = {
    client,
    room: name,
    colours,
    print: screen.print,
    quit: screen.close,
  };
  for (let line = await screen.read(PROMPT); line !== undefined; line = await screen.read(PROMPT)) {
    obey(line, context, place, typedHere);
  }
  return (await goOut(client, name, screen)) ? code : EXIT.unsent;
}

function welcome(room: string, people: number, topic: string, { muted }: Colours): string[] {
  const others = people === 1 ? 'nobody else is here' : `${people} people are here`;
  const lines = [`You are in ${makeVisible(room)}; ${others}.`];
  if (topic !== '') lines.push(`The topic: ${makeVisible(topic)}`);
  return [...lines, muted('history shows what was said before, /help what else there is.')];
}

/** Does or says what was typed. */
function obey(line: string, context: CommandContext, place: Place, typedHere: Set<string>): void {
  const typed = readTyped(line);
  switch (typed.is) {
    case 'said':
      typedHere.add(context.client.send(context.room, typed.text).key);
      return;
    case 'command':
      Promise.resolve(typed.run(context)).catch((error: unknown) => context.print([explain(error, place)]));
      return;
    case 'unknown':
      context.print([
        `There is no /${makeVisible(typed.name)}; /help shows what there is, //… says something with a slash.`,
      ]);
      return;
    case 'nothing':
      return;
    default:
      typed satisfies never;
  }
}

/** Leaves the room and frees the name. False if something that was typed did not get through. */
async function goOut(client: Client, room: string, screen: Screen): Promise<boolean> {
  const waiting = () => client.unsent(room).filter(({ state }) => state.is !== 'sent');
  const grace = new AbortController();
  const late = sleep(GRACE, undefined, { signal: grace.signal }).catch(() => {});
  if (waiting().some(({ state }) => state.is !== 'failed' && state.is !== 'held')) {
    const emptied = new Promise<void>((resolve) => {
      client.on('outbox', () => {
        if (waiting().length === 0) resolve();
      });
    });
    await Promise.race([emptied, late]);
  }
  const left = waiting().length;
  if (left > 0) screen.print([left === 1 ? 'One message was not sent.' : `${left} messages were not sent.`]);
  await Promise.race([client.logout().catch(() => {}), late]);
  grace.abort();
  return left === 0;
}
