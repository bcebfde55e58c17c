import type { Connection, Core } from '../../chat/index.ts';

/** What a classic front end is given. */
export interface ClassicOptions {
  readonly core: Core;
  readonly limits: {
    readonly lineBytes: number;
    readonly textBytes: number;
    readonly bytesBeforeLogin: number;
    readonly loginTimeoutSeconds: number;
    readonly connectTimeoutSeconds: number;
    readonly outboxBytes: number;
  };
  /** Runs a task once after so many ms, and answers how to call it off. */
  readonly setTimer: (task: () => void, ms: number) => () => void;
  readonly endOfTurn: (task: () => void) => void;
  /** Something was refused; for the journal. */
  readonly refused: (connection: Connection, code: string) => void;
  /** A connection is about to end; for the journal. */
  readonly closing: (connection: Connection, reason: string) => void;
  /** A defect of ours. */
  readonly failed: (error: unknown) => void;
}
