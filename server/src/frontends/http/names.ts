import { hostname } from 'node:os';
import { isIP } from 'node:net';

/** A Host header as its name (lower case, no brackets, no trailing dot), or null if it is none. */
function nameOf(host: string | undefined): string | null {
  if (host === undefined || /[^\w.:[\]\-\u0080-\u{10ffff}]/u.test(host)) return null;
  const url = URL.parse(`http://${host}`);
  if (url === null || url.hostname === '') return null;
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

const publicOf = (publicUrl: string | undefined) => (publicUrl === undefined ? null : URL.parse(publicUrl));

/**
 * Makes the test whether a Host header names this server: an IP literal,
 * localhost, one of the host's names, anything under `.local`, or the name in
 * `publicUrl`. A page on any other name can only have come here by DNS
 * rebinding.
 */
export function createOwnNames(publicUrl: string | undefined): (host: string | undefined) => boolean {
  const full = hostname().toLowerCase();
  const own = new Set([
    'localhost',
    full,
    full.split('.')[0],
    publicOf(publicUrl)?.hostname.replace(/^\[|\]$/g, ''),
  ]);
  return (host) => {
    const name = nameOf(host);
    return name !== null && (isIP(name) !== 0 || own.has(name) || name.endsWith('.local'));
  };
}

/**
 * Makes the test whether an Origin header is ours: its host and port are those
 * of the request's Host, or it is that of `publicUrl`.
 */
export function createOwnOrigins(
  publicUrl: string | undefined,
): (origin: string, host: string | undefined) => boolean {
  const ours = publicOf(publicUrl)?.origin;
  return (origin, host) => {
    const url = URL.parse(origin);
    if (url === null || url.origin === 'null' || (url.protocol !== 'http:' && url.protocol !== 'https:'))
      return false;
    // The Host leaves out the port that the Origin's scheme implies.
    return url.origin === ours || url.host === URL.parse(`${url.protocol}//${host}`)?.host;
  };
}

/** Whether browsers count the address as trustworthy: loopback, or TLS in front of us. */
export function isPotentiallyTrustworthy(host: string | undefined, publicUrl: string | undefined): boolean {
  const name = nameOf(host);
  const outside = publicOf(publicUrl);
  return (
    name === 'localhost' ||
    name === '::1' ||
    name?.startsWith('127.') === true ||
    (outside?.protocol === 'https:' && outside.hostname === name)
  );
}
