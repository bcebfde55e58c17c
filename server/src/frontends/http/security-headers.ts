import type { IncomingMessage, ServerResponse } from 'node:http';
import { isPotentiallyTrustworthy } from './names.ts';

/** SECURITY.md, "Defaults", "Page": what the page may load, run and be put into. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const HEADERS = Object.entries({
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  // For browsers that do not know frame-ancestors.
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
});

/** Every answer carries these, also one that is refused. */
export function setSecurityHeaders(
  response: ServerResponse,
  request: IncomingMessage,
  publicUrl: string | undefined,
): void {
  for (const [name, value] of HEADERS) response.setHeader(name, value);
  // Elsewhere browsers ignore it, and complain in the console of everybody who opens the page.
  if (isPotentiallyTrustworthy(request.headers.host, publicUrl))
    response.setHeader('cross-origin-opener-policy', 'same-origin');
}
