import type { ErrorCode } from '@teahouse/protocol';

/** Why something was not done: a code of the closed list, and a sentence for people. */
export interface Failure {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly message: string;
  /** With `rate_limited`: milliseconds after which it may be tried again. */
  readonly retryAfter?: number;
}

export type Result<T extends object> = ({ readonly ok: true } & T) | Failure;

export function fail(code: ErrorCode, message: string): Failure {
  return { ok: false, code, message };
}

export function rateLimited(retryAfter: number): Failure {
  return {
    ok: false,
    code: 'rate_limited',
    message: `That was too fast. Try again in ${Math.max(1, Math.ceil(retryAfter / 1000))} s.`,
    retryAfter,
  };
}

export const NICK_TAKEN = fail('nick_taken', 'That name is taken. Try another.');

/** The answer while the store cannot be asked. */
export const STORE_AWAY = fail(
  'store_unavailable',
  'The store cannot be reached at the moment. Try again in a while.',
);

/** The answer to what could not be written, or perhaps was. */
export const STORE_UNAVAILABLE = fail(
  'store_unavailable',
  'The log cannot be written at the moment. Try again with the same key.',
);
