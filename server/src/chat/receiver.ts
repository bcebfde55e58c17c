import type { Author } from '../store/port.ts';
import type { Batch } from './format.ts';

/** What is shown and not kept. */
export type Signal =
  | { readonly type: 'typing'; readonly room: string; readonly from: Author; readonly on: boolean }
  | {
      readonly type: 'presence';
      readonly room: string;
      readonly people: number;
      readonly came: number;
      readonly went: number;
    }
  | { readonly type: 'read'; readonly room: string; readonly seq: number };

/** Why chat ends a connection. */
export type EndReason = 'kicked' | 'logged_out' | 'server_stopping';

/** What a front end gives chat for each connection. No call blocks or throws; each is made within a turn of the event loop. */
export interface Receiver {
  /** What was committed to a room this connection follows: everything after what `join` answered, in seq order, each once. */
  deliver(batch: Batch): void;
  /** May be dropped where the connection is slow. */
  signal(signal: Signal): void;
  /** The connection is to be told and closed. */
  end(reason: EndReason): void;
}
