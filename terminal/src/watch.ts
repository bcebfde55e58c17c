import type { Client, ConnectionState } from '@teahouse/client';
import type { Colours } from './colours.ts';
import type { Connected } from './come-in.ts';
import { entryLines } from './entry-lines.ts';
import { explain } from './explain.ts';
import type { Screen } from './screen.ts';
import { makeVisible } from './visible.ts';

/** One line for each time the connection goes or comes back, however many attempts lie between. */
export function watchConnection(
  { client, place }: Connected,
  screen: Screen,
  { warning }: Colours,
  quit: () => void,
): void {
  let away = false;
  client.on('state', (state: ConnectionState) => {
    if (state.is === 'waiting' && !away) {
      away = true;
      screen.print([warning(`${explain(state.why, place)} Trying again by itself; what you write is kept.`)]);
    } else if (state.is === 'online' && away) {
      away = false;
      screen.print([warning('Connected again.')]);
    } else if (state.is === 'stopped') {
      screen.print([warning(explain(state.why, place))]);
      if (state.why.code === 'kicked') quit();
      else screen.print([warning('Come in again with /nick NAME.')]);
    }
  });
}

/** Prints what happens in the room, save what was typed here: that stands on the screen already. */
export function watchRoom(client: Client, screen: Screen, colours: Colours, typedHere: Set<string>): void {
  const warn = (words: string) => screen.print([colours.warning(words)]);
  client.on('entry', ({ entry }) => {
    const own = client.state.is === 'online' && entry.from.id === client.state.person.id;
    if (own && entry.type === 'enter') return;
    if (own && entry.type === 'message' && typedHere.delete(entry.key ?? '')) return;
    screen.print(entryLines(entry, colours));
  });
  client.on('truncated', ({ from, to }) => warn(`${to - from + 1} lines were missed; history shows them.`));
  client.on('reset', () => warn('The server has another log than before.'));
  client.on('notice', ({ text }) => warn(makeVisible(text)));
  client.on('room', ({ is, why }) => {
    if (is === 'out' && why) warn(makeVisible(why.message));
  });
}

/** Says once of each message that it was refused, and what can be done. */
export function watchRefusals(client: Client, screen: Screen, { warning }: Colours): void {
  let told = new Set<string>();
  client.on('outbox', ({ unsent }) => {
    const refused = unsent.filter(({ state }) => state.is === 'failed');
    for (const { key, text, state } of refused) {
      if (state.is !== 'failed' || told.has(key)) continue;
      const words = `Not sent: “${makeVisible(text.slice(0, 40))}”. ${makeVisible(state.why.message)}`;
      screen.print([warning(`${words} /retry sends it again, /drop forgets it; the rest waits.`)]);
    }
    told = new Set(refused.map(({ key }) => key));
  });
}
