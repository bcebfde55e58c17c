import type { Rate } from '../limits/token-bucket.ts';
import type { Author, Store } from '../store/port.ts';
import type { Via } from './connection.ts';

/** Sizes and counts. */
export interface ChatLimits {
  readonly textBytes: number;
  readonly topicBytes: number;
  readonly replayEntries: number;
  readonly pageBytes: number;
  readonly historyRows: number;
  readonly roomsPerPerson: number;
  /** Rooms there may be in all. */
  readonly rooms: number;
  /** People up to which entering and leaving are entries. */
  readonly presencePeople: number;
  /** How long a place is held, in seconds. */
  readonly holdSeconds: number;
  /** After how many ms an unused session is void. */
  readonly sessionMs: number;
}

/** Rates of one person. */
export interface ChatRates {
  readonly send: Rate;
  readonly join: Rate;
  readonly nick: Rate;
  readonly typing: Rate;
  readonly history: Rate;
  readonly create: Rate;
  /** Requests of any kind, on all connections of the person together. */
  readonly requests: Rate;
}

/** What chat tells the operator's journal. Never a text, a secret or a topic. */
export type ChatEvent =
  | {
      readonly kind: 'login';
      readonly frontend: Via;
      readonly address: string;
      readonly person: Author;
      readonly returning: boolean;
    }
  | { readonly kind: 'entered' | 'left'; readonly person: Author; readonly room: string }
  | { readonly kind: 'renamed'; readonly person: Author; readonly nick: string }
  | { readonly kind: 'kicked'; readonly person: Author }
  | { readonly kind: 'trouble'; readonly where: 'chat'; readonly message: string; readonly error: unknown };

export interface ChatOptions {
  readonly store: Store;
  readonly limits: ChatLimits;
  readonly rates: ChatRates;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Runs a task once after so many ms, and answers how to call it off. */
  readonly setTimer: (task: () => void, ms: number) => () => void;
  /** Fresh random bytes. */
  readonly randomBytes: (size: number) => Uint8Array;
  /** Runs a task when this turn of the event loop has gathered what it will, before outboxes are written. */
  readonly endOfTurn: (task: () => void) => void;
  /** How many places may be held for lost connections of this address at once. */
  readonly holdsOf: (address: string) => number;
  readonly observe: (event: ChatEvent) => void;
  /** Topic of the room that exists from the first start. */
  readonly lobbyTopic: string;
}
