import { findConnections, type Connection } from '../../chat/index.ts';
import type { ClassicOptions } from '../classic/index.ts';

/** How long the holder of a name has to go when it is asked for, in ms. */
const GRACE_MS = 1_500;

/**
 * The connections of this front end that hold a name. The original client's
 * close button leaves its connection open on Linux, until it is sent something:
 * so who comes back from the same address would find their own name taken.
 */
export interface Holders {
  /** `tell` sends the holder a line. */
  add(connection: Connection, tell: () => void): void;
  /** The holder is gone. */
  remove(connection: Connection): void;
  /** Tells whoever holds this name at this address that it is asked for; settles when they are gone or the time is over. False if nobody does. */
  askFor(nick: string, address: string): Promise<boolean>;
}

interface Holder {
  readonly tell: () => void;
  readonly gone: PromiseWithResolvers<void>;
}

export function createHolders({ core, setTimer }: ClassicOptions): Holders {
  const holders = new Map<Connection, Holder>();
  return {
    add(connection, tell) {
      holders.set(connection, { tell, gone: Promise.withResolvers() });
    },
    remove(connection) {
      holders.get(connection)?.gone.resolve();
      holders.delete(connection);
    },
    async askFor(nick, address) {
      for (const connection of findConnections(core, nick)) {
        const holder = holders.get(connection);
        if (holder === undefined || connection.address !== address) continue;
        holder.tell();
        const over = Promise.withResolvers<void>();
        const cancel = setTimer(() => over.resolve(), GRACE_MS);
        await Promise.race([holder.gone.promise, over.promise]);
        cancel();
        return true;
      }
      return false;
    },
  };
}
