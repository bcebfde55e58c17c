import { hashOf } from '../room-address.ts';

/** What the server tells of itself at `/join.json`. */
export type Listeners = {
  /** Addresses of the page that others can open. */
  pages: readonly string[];
  /** Its other listeners. */
  listeners: readonly { scheme: string; port: number }[];
};

/** How others can come into a room, from each kind of client; what is not there is null. */
export type WaysIn = {
  /** For any browser. */
  page: string;
  /** The page's address reaches this computer only. */
  onlyHere: boolean;
  /** A command for a terminal. */
  terminal: string | null;
  /** The line that connects by hand, and the lines to type then. */
  byHand: { connect: string; lines: readonly string[] } | null;
};

/** Asks the server; without an answer there is only the page's own address. */
export async function fetchListeners(): Promise<Listeners> {
  try {
    const answer = await fetch('/join.json');
    if (answer.ok) return (await answer.json()) as Listeners;
  } catch {
    // The line is away: what is known without the server has to do.
  }
  return { pages: [], listeners: [] };
}

/** As a shell reads it as one word: the name of a room comes from an address that anybody may have written. */
const quote = (word: string) =>
  /^[\p{L}\p{N}_-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

const isLoopback = (host: string) => host === 'localhost' || host === '[::1]' || host.startsWith('127.');

/** `own` is the address in the browser's bar. If that is loopback, an address that others reach is taken instead, if there is one. */
export function waysInto(room: string, own: URL, { pages, listeners }: Listeners): WaysIn {
  const reachable = isLoopback(own.hostname)
    ? pages.map((page) => new URL(page)).find((page) => !isLoopback(page.hostname))
    : undefined;
  const base = reachable ?? own;
  const host = base.hostname.replace(/^\[|\]$/g, '');
  const native = listeners.find(({ scheme }) => scheme === 'tcp');
  return {
    page: `${base.origin}/${room === 'lobby' ? '' : hashOf(room)}`,
    onlyHere: isLoopback(base.hostname),
    terminal: native
      ? `npx --no teahouse chat ${base.hostname}:${native.port}${room === 'lobby' ? '' : ` --room=${quote(room)}`}`
      : null,
    byHand: native
      ? {
          connect: `nc ${host} ${native.port}`,
          lines: [JSON.stringify({ type: 'login', nick: 'Ada' }), JSON.stringify({ type: 'join', room })],
        }
      : null,
  };
}
