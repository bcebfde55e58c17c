import type { ErrorCode } from '@teahouse/protocol';

/**
 * What can go wrong on this side of the wire:
 * - `unreachable`: no connection could be made (`cause` says why);
 * - `not_teahouse`: something answered, but not with a `hello` of protocol 1;
 * - `disconnected`: the connection is not there, or went away before the answer came;
 * - `timeout`: no answer within 30 s;
 * - `closed`: `close()` or `logout()` was called;
 * - `dropped`: the unsent message was taken out of the queue;
 * - `other_person`: the unsent message was written by another person than the one now logged in.
 */
export type ClientErrorCode =
  | 'unreachable'
  | 'not_teahouse'
  | 'disconnected'
  | 'timeout'
  | 'closed'
  | 'dropped'
  | 'other_person';

/** The one kind of error that this library throws or rejects with. `code` is what programs look at, `message` is for people. */
export class TeahouseError extends Error {
  override readonly name = 'TeahouseError';
  readonly code: ErrorCode | ClientErrorCode;

  constructor(code: ErrorCode | ClientErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
