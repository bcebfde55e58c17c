import type { Person } from './person.ts';
import type { Receiver } from './receiver.ts';
import type { Room } from './room.ts';

/** By which front end and transport somebody came. */
export type Via = 'tcp' | 'websocket' | 'rsa-line' | 'login-byte';

/** One connection of a front end, as chat sees it. */
export interface Connection {
  readonly via: Via;
  /** The other side's address, without zone or IPv4-in-IPv6 dress. */
  readonly address: string;
  /** When it began, in ms since 1970. */
  readonly since: number;
  readonly receiver: Receiver;
  person: Person | null;
  /** SHA-256 of the session this connection logged in with, or null. */
  session: Uint8Array | null;
  /** Rooms this connection follows. */
  readonly following: Set<Room>;
  /** Keep the person's place when this connection is lost. */
  hold: boolean;
  closed: boolean;
}
