import * as chat from '../../chat/index.ts';
import type { Connection, Failure } from '../../chat/index.ts';
import { createTokenBucket } from '../../limits/token-bucket.ts';
import type { NativeOptions } from './options.ts';

/** Whether a connection may ask now: the limits before login, and the rates. */
export interface Gate {
  /** Bytes came, whatever they are. */
  received(bytes: number): void;
  /** Lets one request in, or says why not. What it says with another code than `rate_limited` ends the connection. */
  admit(): Failure | null;
  /** The limits before login end, as somebody is logged in or the connection is over. */
  open(): void;
}

/** @param end called with the reason when the time or the bytes before login are over */
export function createGate(
  options: NativeOptions,
  connection: Connection,
  end: (failure: Failure) => void,
): Gate {
  const { core, limits, setTimer } = options;
  const bucket = createTokenBucket(options.rates.requestsPerConnection);
  let requests = 0;
  let bytes = 0;
  const timeOut = (): void => end(chat.fail('login_timeout', 'Nobody logged in on this connection in time.'));
  let cancelConnect: (() => void) | null = setTimer(timeOut, limits.connectTimeoutSeconds * 1_000);
  let cancelFirstByte: (() => void) | null = null;

  /** How long (ms) the rates of connection, person and address make this request wait; 0 is not at all. */
  const waitFor = (now: number): number => {
    const own = bucket.take(now);
    if (own > 0) return own;
    const persons = connection.person?.rates.requests.take(now) ?? 0;
    return persons > 0 ? persons : options.takeAddress(connection.address, now);
  };

  return {
    received(count) {
      if (connection.person !== null) return;
      cancelFirstByte ??= setTimer(timeOut, limits.loginTimeoutSeconds * 1_000);
      bytes += count;
      if (bytes > limits.bytesBeforeLogin)
        end(chat.fail('limit_reached', `More than ${limits.bytesBeforeLogin} bytes before login.`));
    },
    admit() {
      if (connection.person === null) {
        requests += 1;
        if (requests > limits.requestsBeforeLogin)
          return chat.fail('limit_reached', `More than ${limits.requestsBeforeLogin} requests before login.`);
      }
      const wait = waitFor(core.options.now());
      return wait > 0 ? chat.rateLimited(wait) : null;
    },
    open() {
      cancelConnect?.();
      cancelFirstByte?.();
      cancelConnect = cancelFirstByte = null;
    },
  };
}
