import type { WireEntry } from '@teahouse/protocol';
import type { Call } from './calls.ts';
import { createConnection } from './connection.ts';
import { createEvents } from './events.ts';
import type { Presence } from './followed-room.ts';
import { createFollowing } from './following.ts';
import { createOutbox } from './outbox.ts';
import { createRequests } from './requests.ts';
import type { Client, ClientOptions } from './types.ts';
import { createTyping } from './typing.ts';
import { TeahouseError } from './errors.ts';
import type { Message } from './wire.ts';
import { realWorld } from './world.ts';

/** A client. It is offline until `login` (or `connect`) is called. */
export function createClient(options: ClientOptions): Client {
  const world = options.world ?? realWorld;
  const { emit, on } = createEvents();
  const line = createConnection(options, world, emit, {
    online,
    message: (message) => following.take(message),
    offline,
  });

  const presence = (): Presence | undefined =>
    line.state.is === 'online' ? { id: line.state.person.id, log: line.state.hello.log } : undefined;
  const outbox = createOutbox({
    world,
    ask: line.ask,
    emit,
    storage: options.storage,
    me: () => presence()?.id,
    ready: (room) => following.ready(room),
  });
  const progress = { ...outbox, met, ready: outbox.flush };
  const following = createFollowing({ world, ask: line.ask, emit, progress, presence });
  const typing = createTyping(world, (room, yes) => {
    ask({ type: 'typing', room, on: yes }).catch(() => {});
  });
  for (const room of options.rooms ?? []) following.join(room).catch(() => {});

  function online(): void {
    following.online();
  }

  function offline(): void {
    following.offline();
    outbox.offline();
    typing.stop();
  }

  function met(entry: WireEntry): void {
    outbox.met(entry);
    // One's own new name may have been given on another connection.
    if (entry.type === 'nick' && entry.from.id === presence()?.id)
      line.rename({ id: entry.from.id, nick: entry.nick });
  }

  const ask = (call: Call) => new Promise<Message>((resolve, reject) => line.ask(call, resolve, reject));

  async function logout(): Promise<void> {
    await ask({ type: 'logout' }).catch((error: TeahouseError) => {
      // The server closes after it: no answer and no line are as good as `ok`.
      if (error.code !== 'disconnected') throw error;
    });
    line.close();
    line.forgetSession();
    outbox.clear();
  }

  function leave(room: string): Promise<void> {
    following.leave(room);
    return ask({ type: 'leave', room }).then(() => {});
  }

  function send(room: string, text: string) {
    const handle = outbox.send(room, text);
    if (following.room(room)?.is === 'out')
      outbox.out(room, new TeahouseError('not_in_room', 'You are not in this room.'));
    return handle;
  }

  return {
    get state() {
      return line.state;
    },
    get session() {
      return line.session;
    },
    on,
    subscribe: (listener) => on('state', listener),
    connect: line.connect,
    login: line.login,
    logout,
    close: line.close,
    tryNow: line.tryNow,
    checkAlive: line.checkAlive,
    join: following.join,
    leave,
    room: following.room,
    send,
    unsent: outbox.unsent,
    retry: outbox.retry,
    drop: outbox.drop,
    typing: typing.typing,
    ...createRequests(ask, line.rename),
  };
}
