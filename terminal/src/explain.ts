import { TeahouseError } from '@teahouse/client';
import type { Place } from './address.ts';
import { makeVisible } from './visible.ts';

/** The system's code of what went wrong, however deep it lies. */
function systemCode(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return code;
    if (at instanceof AggregateError && at.errors.length > 0) return systemCode(at.errors[0]);
  }
  return undefined;
}

function explainUnreachable(error: TeahouseError, { label, host, web, secure }: Place): string {
  const code = systemCode(error);
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
      return `There is no host called ${host}, or no network to ask. Is it spelt right?`;
    case 'ECONNREFUSED':
      return `Nobody listens at ${label}. Is the server running, and is that its port?`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return `There is no way to ${host} from here. Is this machine in the same network?`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `${label} closed the connection at once. Is that the port of a Teahouse server?`;
    case 'ETIMEDOUT':
    case undefined:
      return web
        ? `No WebSocket could be opened at ${label}. Is that the address of a Teahouse page?`
        : `${label} does not answer. Is the address right, and does no firewall stand between?`;
    default:
      return secure
        ? `No secure connection to ${label} could be made (${code}). Does that port speak TLS, with a valid certificate?`
        : `No connection to ${label} could be made (${code}).`;
  }
}

/** An error in a sentence for somebody who sees this program for the first time. */
export function explain(error: unknown, place: Place): string {
  if (!(error instanceof TeahouseError))
    return makeVisible(error instanceof Error ? error.message : String(error));
  if (error.code === 'unreachable') return explainUnreachable(error, place);
  if (error.code === 'not_teahouse') {
    return `Something answers at ${place.label}, but it does not speak Teahouse's native protocol. ${ELSEWHERE}`;
  }
  return makeVisible(error.message);
}

const ELSEWHERE =
  'Its port is 8089 if nobody chose another; for the address of its page write http://host:port, with TLS https://host:port.';
