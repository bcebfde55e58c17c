import { webSocket, type Connector } from '@teahouse/client';
import { tcp } from '@teahouse/client/node';

/** Where a server is and how to get there. */
export interface Place {
  readonly connect: Connector;
  /** What to call it. */
  readonly label: string;
  readonly host: string;
  readonly port: number;
  /** By WebSocket, not by plain TCP. */
  readonly web: boolean;
  /** By TLS. */
  readonly secure: boolean;
}

/** A place, or in a sentence why there is none. */
export type Address = ({ readonly ok: true } & Place) | { readonly ok: false; readonly why: string };

/** The port of the native protocol, where none is named. */
export const NATIVE_PORT = 8089;

const FORMS = 'Write it as host, host:port, tcp://host:port, ws://host:port/ws or http://host:port.';

function refuse(why: string): Address {
  return { ok: false, why: `${why} ${FORMS}` };
}

function parsePort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

/** `host`, `host:port`, `[v6]`, `[v6]:port` or a bare `v6`. */
function parsePlain(text: string): Address {
  const isBareV6 = !text.startsWith('[') && text.split(':').length > 2;
  const [, host = '', port = String(NATIVE_PORT)] = isBareV6
    ? ['', `[${text}]`]
    : (/^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(text) ?? []);
  const number = parsePort(port);
  if (number === undefined) return refuse(`“${port}” is no port: a port is a number from 1 to 65535.`);
  if (!URL.canParse(`tcp://${host}:${number}`) || !/^[^\s/@?#]+$/.test(host))
    return refuse(`“${text}” is no address.`);
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  return {
    ok: true,
    connect: tcp(bare, number),
    label: `${host}:${number}`,
    host: bare,
    port: number,
    web: false,
    secure: false,
  };
}

function parseWeb(text: string): Address {
  if (!URL.canParse(text)) return refuse(`“${text}” is no address.`);
  const url = new URL(text);
  const isPage = url.protocol.startsWith('http');
  url.protocol = url.protocol.replace('http', 'ws');
  if (isPage) url.pathname = `${url.pathname.replace(/\/+$/, '')}/ws`;
  url.hash = url.search = url.username = url.password = '';
  const secure = url.protocol === 'wss:';
  const port = Number(url.port) || (secure ? 443 : 80);
  return { ok: true, connect: webSocket(url), label: url.href, host: url.hostname, port, web: true, secure };
}

/** Reads an address as people write it: every form of FORMS, IPv6 in brackets. */
export function parseAddress(written: string): Address {
  const text = written.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  switch (scheme) {
    case undefined:
      return parsePlain(text);
    case 'tcp':
      return parsePlain(text.slice('tcp://'.length).replace(/\/$/, ''));
    case 'ws':
    case 'wss':
    case 'http':
    case 'https':
      return parseWeb(text);
    default:
      return refuse(`This client does not speak ${scheme}.`);
  }
}
