import type { IncomingMessage } from 'node:http';
import type { Refusal } from './answers.ts';
import { createOwnNames, createOwnOrigins } from './names.ts';

/**
 * Makes the check that every request and upgrade passes before anything else
 * looks at it (SECURITY.md D4 to D6). It answers null, or why not:
 *
 *     400  the address is not a path
 *     421  the Host is not one of our names
 *     429  this address asks too much
 *     403  a change or an upgrade that another site's page may have started:
 *          its Origin is not ours, or there is a cookie and no Origin.
 *          Neither Origin nor cookie is a program, and welcome.
 */
export function createRequestCheck({
  publicUrl,
  admitRequest,
}: {
  publicUrl: string | undefined;
  admitRequest: ((address: string) => boolean) | undefined;
}): (request: IncomingMessage) => Refusal | null {
  const isOwnName = createOwnNames(publicUrl);
  const isOwnOrigin = createOwnOrigins(publicUrl);

  function isForeign({ headers: { origin, cookie, host } }: IncomingMessage): boolean {
    return origin === undefined ? cookie !== undefined : !isOwnOrigin(origin, host);
  }

  return (request) => {
    if (!request.url?.startsWith('/') || request.url.startsWith('//'))
      return { status: 400, text: 'The address of a request here is a path, such as /healthz.' };
    if (admitRequest?.(request.socket.remoteAddress ?? '') === false) {
      return {
        status: 429,
        text: 'Too many requests from your address. Wait a second.',
        headers: { 'retry-after': '1' },
      };
    }
    if (!isOwnName(request.headers.host)) {
      return {
        status: 421,
        text: 'This server does not go by that name. Open it by its IP address, or tell it the name with publicUrl in its configuration.',
      };
    }
    const onlyReads =
      (request.method === 'GET' || request.method === 'HEAD') && request.headers.upgrade === undefined;
    if (!onlyReads && isForeign(request))
      return { status: 403, text: 'This request comes from a page of another site, and is refused.' };
    return null;
  };
}
