import { renderUnicodeCompact } from 'uqr';

import { isLoopback } from '../config/listeners.ts';
import { makeOneLine } from './one-line.ts';

/** A listener that is ready, as the greeting needs it. */
export interface OpenListener {
  readonly scheme: 'http' | 'tcp' | 'rsa-line' | 'login-byte';
  readonly host: string;
  readonly port: number;
  readonly room: string | null;
}

export interface GreetingOptions {
  readonly version: string;
  readonly listeners: readonly OpenListener[];
  /** The address of this machine on the local network, if it has one. */
  readonly lanAddress: string | null;
  readonly publicUrl: string | null;
  readonly dataFolder: string;
  /** How one types `teahouse` here: `npx --no teahouse` in a checkout. */
  readonly command: string;
  /** Draw the address of the page as a QR code. */
  readonly qrCode: boolean;
  readonly colour: boolean;
}

/** White blocks on black, said outright: so it is a QR code in light terminals and in dark ones. */
const QR_COLOUR = '\x1b[97;40m';
const RESET = '\x1b[0m';

/** What the server says once it is open: where the page is, how everybody else comes in, where the data lies, how to stop. */
export function formatGreeting(options: GreetingOptions): string {
  const { listeners, lanAddress } = options;
  const open = listeners.some(({ host }) => isEverywhere(host));
  const page = listeners.find(({ scheme }) => scheme === 'http');
  const lan = open && lanAddress !== null ? lanAddress : null;
  const pages = page ? pageAddresses(page, lan, options.publicUrl) : [];
  const ways = waysIn(listeners, options.command);
  const shared = pages.at(-1)?.address;
  const qr =
    options.qrCode && shared !== undefined && pages.length > 1
      ? [...drawQrCode(shared, options.colour), '']
      : [];
  return [
    '',
    `Teahouse ${options.version} is open.`,
    '',
    ...pages.map(({ label, address }) => line(label, address)),
    ...(pages.length > 0 ? [''] : []),
    ...qr,
    ...ways,
    ...(ways.length > 0 ? [''] : []),
    line('Data', options.dataFolder),
    line(
      'Network',
      open ? 'anybody on the local network can come in; --local keeps it to this machine' : reach(listeners),
    ),
    line('Stop', 'Ctrl-C'),
    '',
    '',
  ]
    .map((text) => (text.startsWith(QR_COLOUR) ? text : makeOneLine(text)))
    .join('\n');
}

function pageAddresses(page: OpenListener, lan: string | null, publicUrl: string | null) {
  const addresses = [{ label: 'Page', address: `http://${formatHost(nearHost(page))}:${page.port}/` }];
  if (lan !== null && isEverywhere(page.host))
    addresses.push({ label: 'on the network', address: `http://${lan}:${page.port}/` });
  if (publicUrl !== null) addresses.push({ label: 'for everybody', address: `${publicUrl}/` });
  return addresses;
}

/** For each other kind of client a line that can be pasted into a shell. */
function waysIn(listeners: readonly OpenListener[], command: string): string[] {
  const page = listeners.find(({ scheme }) => scheme === 'http');
  return listeners.flatMap((listener) => {
    const host = nearHost(listener);
    const target = `${host} ${listener.port}`;
    switch (listener.scheme) {
      case 'http':
        return [];
      case 'tcp':
        return [
          line('Terminal', `${command} chat ${formatHost(host)}:${listener.port}`),
          line(
            'nc',
            `(echo '{"type":"login","nick":"nina"}'; echo ${quote(joinLine(listener.room))}; cat) | nc ${target}`,
          ),
          line('', `then type ${sendLine(listener.room)}`),
        ];
      case 'rsa-line':
        return [
          line(
            'rsa-line',
            page ? rsaLine(page, target) : `${command} keys, then any client of it at ${target}`,
          ),
        ];
      case 'login-byte':
        return [line('login-byte', `(printf bai; sleep 1; cat) | nc ${target}`)];
    }
  });
}

/** The name encrypted with the server's key, then whatever is typed. */
function rsaLine(page: OpenListener, target: string): string {
  const key = `http://${formatHost(nearHost(page))}:${page.port}/rsa-public-key.pem`;
  return `(printf rosa | openssl pkeyutl -encrypt -pubin -inkey <(curl -s ${key}) | base64 | tr -d '\\n'; echo; cat) | nc ${target}`;
}

function joinLine(room: string | null): string {
  return JSON.stringify({ type: 'join', room: room ?? 'lobby' });
}

function sendLine(room: string | null): string {
  return JSON.stringify({ type: 'send', room: room ?? 'lobby', text: 'hi' });
}

function reach(listeners: readonly OpenListener[]): string {
  const hosts = [...new Set(listeners.map(({ host }) => host))];
  return hosts.every(isLoopback) ? 'this machine only' : `listening on ${hosts.join(', ')}`;
}

function drawQrCode(address: string, colour: boolean): string[] {
  const rows = renderUnicodeCompact(address, { border: 2 }).split('\n');
  return rows.map((row) => (colour ? `${QR_COLOUR}${row}${RESET}` : row));
}

/** What this machine itself reaches the listener by. */
function nearHost({ host }: OpenListener): string {
  return isEverywhere(host) || isLoopback(host) ? 'localhost' : host;
}

function isEverywhere(host: string): boolean {
  return host === '::' || host === '0.0.0.0';
}

function formatHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function line(label: string, text: string): string {
  return `  ${label.padEnd(15)} ${text}`;
}

/** The text as one word of a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
