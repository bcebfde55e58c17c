import { createTokenBucket, type TokenBucket } from '../limits/token-bucket.ts';
import type { Author } from '../store/port.ts';
import type { Connection } from './connection.ts';
import type { ChatRates } from './options.ts';
import type { Room } from './room.ts';

/** A guest can come back with a session; who comes by a classic protocol is a new person each time. */
export type PersonKind = 'guest' | 'classic';

/** Somebody who is here, or whose place is held. */
export interface Person {
  readonly id: string;
  readonly kind: PersonKind;
  nick: string;
  skeleton: string;
  readonly connections: Set<Connection>;
  /** Rooms the person is a member of. */
  readonly rooms: Set<Room>;
  /** Ends the wait for a lost connection; null while there is a connection. */
  cancelHold: (() => void) | null;
  /** The address, as holds are counted by, that this hold counts for. */
  holdKey: string | null;
  /** Set once the person is on the way out; the object is not used again. */
  departing: boolean;
  /** Settles when the person's joins, leaves and renames so far are done: they go one after the other. */
  tail: Promise<unknown>;
  readonly rates: {
    readonly send: TokenBucket;
    readonly join: TokenBucket;
    readonly nick: TokenBucket;
    readonly typing: TokenBucket;
    readonly history: TokenBucket;
    readonly create: TokenBucket;
    readonly requests: TokenBucket;
  };
}

export function createPerson(author: Author, skeleton: string, kind: PersonKind, rates: ChatRates): Person {
  return {
    id: author.id,
    kind,
    nick: author.nick,
    skeleton,
    connections: new Set(),
    rooms: new Set(),
    cancelHold: null,
    holdKey: null,
    departing: false,
    tail: Promise.resolve(),
    rates: {
      send: createTokenBucket(rates.send),
      join: createTokenBucket(rates.join),
      nick: createTokenBucket(rates.nick),
      typing: createTokenBucket(rates.typing),
      history: createTokenBucket(rates.history),
      create: createTokenBucket(rates.create),
      requests: createTokenBucket(rates.requests),
    },
  };
}

/** Who the person is at this moment, as entries carry it. */
export function authorOf(person: Person): Author {
  return { id: person.id, nick: person.nick };
}

const forget = (): void => undefined;

/** Runs tasks of one person one after the other. */
export function inTurn<T>(person: Person, task: () => Promise<T>): Promise<T> {
  const result = person.tail.then(task, task);
  // Without its value: the tail lives as long as the person, and the answer to a join is 5 KB.
  person.tail = result.then(forget, forget);
  return result;
}
