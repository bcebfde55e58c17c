import { isIPv4 } from 'node:net';

import { UserError } from '../user-error.ts';

/** Where a front end listens, as a URL in config or on the command line says it. */
export interface Listener {
  readonly scheme: Scheme;
  /** An IP address without brackets, or a host name. `::` is every address, IPv4 too. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** The room that the listener is for: `lobby` unless the path says another; null on http. */
  readonly room: string | null;
}

export type Scheme = 'http' | 'tcp' | 'rsa-line' | 'login-byte';

const PORTS: Record<Scheme, number> = { http: 8080, tcp: 8089, 'rsa-line': 8887, 'login-byte': 8888 };
const SHAPE =
  /^([a-z][a-z0-9+.-]*):\/\/(?:\[([0-9a-fA-F:.]+)\]|([^:/[\]?#]*))(?::(\d{1,5}))?(?:\/([^?#]*))?$/;

/** What `server.listen` is by default: all four front ends, on every address. */
export const DEFAULT_LISTEN = (Object.keys(PORTS) as Scheme[]).map(
  (scheme) => `${scheme}://[::]:${PORTS[scheme]}`,
);

/**
 * Reads `scheme://host:port/room`. Host (`::`), port (the scheme's own) and
 * room (`lobby` on the classic protocols) may be left out; the room is
 * percent-decoded. Throws a `UserError` that says what is wrong.
 */
export function parseListener(url: string): Listener {
  const match = SHAPE.exec(url);
  if (!match)
    throw new UserError(
      `${JSON.stringify(url)} is not a listener: write it as scheme://host:port, for example tcp://[::]:8089.`,
    );
  const [, scheme = '', ipv6, name, digits, path = ''] = match;
  if (!isScheme(scheme)) {
    throw new UserError(
      `Nothing here listens on ${scheme}://; the schemes are ${Object.keys(PORTS).join('://, ')}://.`,
    );
  }
  const port = digits === undefined ? PORTS[scheme] : Number(digits);
  if (port > 65_535) throw new UserError(`${url}: the port must be from 0 to 65535.`);
  if (scheme === 'http' && path !== '')
    throw new UserError(
      `${url}: an http listener takes no path; write ${url.slice(0, url.length - path.length)}.`,
    );
  return Object.freeze({
    scheme,
    host: ipv6 ?? (name || '::'),
    port,
    room: decodeRoom(url, path) ?? defaultRoom(scheme),
  });
}

/**
 * The listener kept to this machine: every address becomes 127.0.0.1. Throws a
 * `UserError` for one that names another machine-wide address.
 */
export function keepLocal(listener: Listener): Listener {
  const { host } = listener;
  if (host === '::' || host === '0.0.0.0') return Object.freeze({ ...listener, host: '127.0.0.1' });
  if (isLoopback(host)) return listener;
  throw new UserError(
    `--local keeps to this machine, but ${formatListener(listener)} does not: leave out one of the two.`,
  );
}

/** The listener as a URL, as `parseListener` reads it. */
export function formatListener({ scheme, host, port, room }: Listener): string {
  const place = host.includes(':') ? `[${host}]` : host;
  const path = room === null || room === defaultRoom(scheme) ? '' : `/${encodeURIComponent(room)}`;
  return `${scheme}://${place}:${port}${path}`;
}

/** Whether only this machine reaches a listener on this host. */
export function isLoopback(host: string): boolean {
  return host === '::1' || host === 'localhost' || (isIPv4(host) && host.startsWith('127.'));
}

function isScheme(text: string): text is Scheme {
  return Object.hasOwn(PORTS, text);
}

function defaultRoom(scheme: Scheme): string | null {
  return scheme === 'http' ? null : 'lobby';
}

function decodeRoom(url: string, path: string): string | null {
  if (path === '') return null;
  try {
    return decodeURIComponent(path);
  } catch {
    throw new UserError(`${url}: the room after the last / is not percent-encoded UTF-8.`);
  }
}
