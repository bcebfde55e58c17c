import { createInterface } from 'node:readline';
import { createClient, type Client } from '@teahouse/client';
import { parseAddress } from './address.ts';
import { createColours } from './colours.ts';
import { createDelivery } from './delivery.ts';
import { entryLines } from './entry-lines.ts';
import { EXIT, type ChatOptions, type ExitCode } from './options.ts';
import { explainAttempt } from './probe.ts';
import { makeVisible, visibleJson } from './visible.ts';

/** As long without any progress after the input ended, and it is given up: a cron job must end. In milliseconds. */
const PATIENCE = 30_000;
/** Lines read ahead of what the server took. */
const AHEAD = 100;

/** Lines in, lines out. `gone` is fulfilled when nobody reads our output any more. */
export async function chatInPipe(options: ChatOptions, gone: Promise<void>): Promise<ExitCode> {
  const complain = (sentence: string) => void options.stderr.write(`teahouse: ${sentence}\n`);
  const { address, name, room = 'lobby' } = options;
  if (address === undefined || name === undefined) {
    complain('In a pipe nobody can be asked: give the address and --name NAME.');
    return EXIT.usage;
  }
  const place = parseAddress(address);
  if (!place.ok) {
    complain(place.why);
    return EXIT.usage;
  }
  // Without hold the name is free as soon as we go: the next run may come in half a minute.
  const client = createClient({ connect: place.connect, hold: false });
  try {
    await comeIn(client, name, room);
    writeOut(client, options);
    return await pass(client, options, complain, gone);
  } catch (error) {
    complain(await explainAttempt(error, place));
    return EXIT.refused;
  } finally {
    client.close();
  }
}

/** Logs in and joins, or rejects: a first try that fails is told at once. */
async function comeIn(client: Client, nick: string, room: string): Promise<void> {
  await client.connect();
  const { promise: failed, reject } = Promise.withResolvers<never>();
  const stop = client.on('state', (state) => {
    if (state.is === 'waiting') reject(state.why);
  });
  await Promise.race([client.login({ nick }).then(() => client.join(room)), failed]);
  stop();
}

/** Writes out what others say; with `json` everything, one object a line. */
function writeOut(client: Client, { stdout, json }: ChatOptions): void {
  const write = (lines: readonly string[]) => void stdout.write(lines.map((line) => `${line}\n`).join(''));
  const plain = createColours(1);
  client.on('entry', ({ entry }) => {
    const own = client.state.is === 'online' && entry.from.id === client.state.person.id;
    if (json) write([visibleJson(entry)]);
    else if (!own) write(entryLines(entry, plain));
  });
  if (!json) return;
  for (const event of ['typing', 'presence', 'read', 'notice'] as const) {
    client.on(event, (told) => write([visibleJson(told)]));
  }
}

/** Sends the input line by line and waits until all of it is stored. */
async function pass(
  client: Client,
  { stdin, room = 'lobby' }: ChatOptions,
  complain: (sentence: string) => void,
  gone: Promise<void>,
): Promise<ExitCode> {
  const delivery = createDelivery(client, room, complain);
  const lines = createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY });
  void Promise.race([delivery.ended, gone]).then(() => lines.close());
  for await (const line of lines) {
    if (line.trim() === '') continue;
    delivery.send(line);
    await delivery.drain(AHEAD);
  }
  await delivery.drain(0, PATIENCE);
  const lost = delivery.lost();
  const stopped = delivery.stopped();
  if (stopped) complain(makeVisible(stopped.message));
  if (lost > 0) complain(`${lost === 1 ? 'One line was' : `${lost} lines were`} not sent.`);
  await client.logout().catch(() => {});
  if (lost > 0) return EXIT.unsent;
  return stopped ? EXIT.refused : EXIT.ok;
}
