import { connect, disconnect, type Connection, type Receiver, type Via } from '../../chat/index.ts';
import type { ClassicOptions } from './options.ts';

/** One connection of a classic client from its first byte to its end, once told whatever the ways to end are. */
export interface Guest {
  readonly connection: Connection;
  readonly ended: boolean;
  /** Counts what came in; false where it is over, so that nothing is done with it. */
  received(bytes: number): boolean;
  /** The limits before login end. */
  loggedIn(): void;
  /** Leaves the rooms and frees the name; false where that was done before. `reason` is for the journal. */
  finish(reason: string): boolean;
}

/** `end` closes the connection without a word; called where the limits before login are passed. */
export function createGuest(
  options: ClassicOptions,
  via: Via,
  address: string,
  receiver: Receiver,
  end: () => void,
): Guest {
  const { core, limits } = options;
  const connection = connect(core, receiver, via, address);
  let ended = false;
  let bytesBefore = 0;
  const cancels: (() => void)[] = [];

  const finish = (reason: string): boolean => {
    if (ended) return false;
    ended = true;
    for (const cancel of cancels.splice(0)) cancel();
    options.closing(connection, reason);
    disconnect(core, connection);
    return true;
  };
  const cutOff = (reason: string): void => {
    if (finish(reason)) end();
  };
  const limitTime = (seconds: number): void => {
    cancels.push(options.setTimer(() => cutOff('login_timeout'), seconds * 1_000));
  };
  limitTime(limits.connectTimeoutSeconds);

  return {
    connection,
    get ended() {
      return ended;
    },
    received(bytes) {
      if (ended || connection.person !== null) return !ended;
      if (bytesBefore === 0) limitTime(limits.loginTimeoutSeconds);
      bytesBefore += bytes;
      if (bytesBefore > limits.bytesBeforeLogin) cutOff('limit_reached');
      return !ended;
    },
    loggedIn() {
      for (const cancel of cancels.splice(0)) cancel();
    },
    finish,
  };
}
