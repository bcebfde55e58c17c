import type { Connection, Core } from '../../chat/index.ts';
import type { Rate } from '../../limits/token-bucket.ts';

/** What the native front end is given. */
export interface NativeOptions {
  readonly core: Core;
  /** The first line of every connection, finished. */
  readonly hello: string;
  readonly limits: {
    readonly lineBytes: number;
    readonly requestsBeforeLogin: number;
    readonly bytesBeforeLogin: number;
    readonly loginTimeoutSeconds: number;
    readonly connectTimeoutSeconds: number;
    readonly outboxBytes: number;
    readonly pingSeconds: number;
  };
  readonly rates: { readonly requestsPerConnection: Rate };
  /** Takes one request of this address: 0, or the milliseconds to wait. */
  readonly takeAddress: (address: string, now: number) => number;
  /** Milliseconds since whenever, never set back or forward. */
  readonly elapsed: () => number;
  readonly setTimer: (task: () => void, ms: number) => () => void;
  readonly endOfTurn: (task: () => void) => void;
  /** Something was refused; for the journal. */
  readonly refused: (connection: Connection, code: string) => void;
  /** A connection is about to end; for the journal. */
  readonly closing: (connection: Connection, reason: string) => void;
  /** A defect of ours. */
  readonly failed: (error: unknown) => void;
}
