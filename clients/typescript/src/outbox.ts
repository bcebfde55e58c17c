import type { WireEntry } from '@teahouse/protocol';
import type { Ask } from './connection.ts';
import type { TeahouseError } from './errors.ts';
import type { Emit } from './events.ts';
import { loadQueue, saveQueue } from './queue-storage.ts';
import type { QueueStorage, SendHandle, Stored, Unsent, UnsentState, World } from './types.ts';
import { failure, readStored } from './wire.ts';
import { backOff } from './world.ts';

/** An unsent message and who waits for it. */
interface Item {
  message: Unsent;
  /** The id of the person who wrote it, once known. */
  by: string | undefined;
  tries: number;
  resolve(stored: Stored): void;
  reject(error: TeahouseError): void;
}

/** The unsent messages of one room, oldest first. */
interface Queue {
  items: Item[];
  view: readonly Unsent[];
  cancelRetry: (() => void) | undefined;
}

export interface OutboxNeeds {
  readonly world: World;
  readonly ask: Ask;
  readonly emit: Emit;
  readonly storage: QueueStorage | undefined;
  /** The id of the person one is, while online. */
  me(): string | undefined;
  /** Whether a room can be written to just now. */
  ready(room: string): boolean;
}

const PASSING = new Set(['rate_limited', 'store_unavailable', 'timeout', 'server_stopping']);
/** A server's own mistake may be cured by trying again, but not for ever. */
const MOST_INTERNAL = 5;
const LONGEST_WAIT = 8_000;

const isLive = ({ message }: Item) => message.state.is !== 'sent';

/**
 * The unsent messages. Each room has one message under way at a time, so that
 * the order in which they were written is the order in which they arrive, and
 * a refused one holds the rest.
 */
export function createOutbox(needs: OutboxNeeds) {
  const { world, emit, storage } = needs;
  const queues = new Map<string, Queue>();

  function queueOf(room: string): Queue {
    const queue = queues.get(room) ?? { items: [], view: [], cancelRetry: undefined };
    queues.set(room, queue);
    return queue;
  }

  function put(message: Unsent, by: string | undefined): Promise<Stored> {
    const { promise, resolve, reject } = Promise.withResolvers<Stored>();
    // Whoever does not ask for it is told by the event.
    promise.catch(() => {});
    queueOf(message.room).items.push({ message, by, tries: 0, resolve, reject });
    return promise;
  }

  function save(): void {
    if (!storage) return;
    const unsent = [...queues.values()].flatMap(({ items }) => items.filter(isLive));
    saveQueue(
      storage,
      unsent.map(({ message, by }) => ({ ...message, by })),
    );
  }

  /** After any change: those behind a failed one are held, the view is new, listeners are told. */
  function changed(room: string, queue: Queue): void {
    const failed = queue.items.findIndex(({ message }) => message.state.is === 'failed');
    queue.items.forEach((item, index) => {
      const { is } = item.message.state;
      const behind = failed >= 0 && index > failed;
      if (behind ? is === 'queued' : is === 'held') setState(item, { is: behind ? 'held' : 'queued' });
    });
    queue.view = queue.items.map(({ message }) => message);
    emit('outbox', { room, unsent: queue.view });
  }

  function setState(item: Item, state: UnsentState): void {
    item.message = { ...item.message, state };
  }

  // ------------------------------------------------------------------ sending

  function flush(room: string): void {
    const queue = queues.get(room);
    const item = queue?.items.find(isLive);
    const me = needs.me();
    if (
      !queue ||
      !item ||
      !me ||
      queue.cancelRetry ||
      item.message.state.is !== 'queued' ||
      !needs.ready(room)
    )
      return;
    if (item.by !== undefined && item.by !== me) return fail(queue, item, failure('other_person'));
    if (item.by === undefined) {
      item.by = me;
      save();
    }
    setState(item, { is: 'sending' });
    changed(room, queue);
    const { key, text } = item.message;
    const underWay = () => item.message.state.is === 'sending';
    needs.ask(
      { type: 'send', room, text, key },
      (answer) => {
        if (underWay()) accept(queue, item, readStored(answer));
      },
      (error) => {
        if (underWay()) refuse(queue, item, error);
      },
    );
  }

  function accept(queue: Queue, item: Item, stored: Stored): void {
    const { room } = item.message;
    setState(item, { is: 'sent', ...stored });
    // Nobody will see its entry come by in a room that was left meanwhile.
    if (!needs.ready(room)) remove(queue, item);
    changed(room, queue);
    save();
    item.resolve(stored);
    flush(room);
  }

  function refuse(queue: Queue, item: Item, error: TeahouseError): void {
    const { room } = item.message;
    item.tries += 1;
    const passing = PASSING.has(error.code) || (error.code === 'internal' && item.tries < MOST_INTERNAL);
    if (!passing && error.code !== 'disconnected') return fail(queue, item, error);
    setState(item, { is: 'queued' });
    if (passing) wait(room, queue, item.tries);
    changed(room, queue);
  }

  function wait(room: string, queue: Queue, tries: number): void {
    const least = 250;
    queue.cancelRetry = world.after(least + backOff(world, tries - 1, LONGEST_WAIT), () => {
      queue.cancelRetry = undefined;
      flush(room);
    });
  }

  function fail(queue: Queue, item: Item, why: TeahouseError): void {
    setState(item, { is: 'failed', why });
    changed(item.message.room, queue);
  }

  function remove(queue: Queue, item: Item): void {
    queue.items = queue.items.filter((other) => other !== item);
  }

  function find(key: string): [Queue, Item] | undefined {
    for (const queue of queues.values()) {
      const item = queue.items.find(({ message }) => message.key === key);
      if (item) return [queue, item];
    }
    return undefined;
  }

  // ---------------------------------------------------------------- by people

  function send(room: string, text: string): SendHandle {
    const message: Unsent = {
      key: world.newKey(),
      room,
      text,
      written: world.now(),
      state: { is: 'queued' },
    };
    const stored = put(message, needs.me());
    save();
    changed(room, queueOf(room));
    flush(room);
    return { key: message.key, stored };
  }

  function retry(key: string): void {
    const [queue, item] = find(key) ?? [];
    if (!queue || item?.message.state.is !== 'failed') return;
    item.tries = 0;
    item.by = undefined;
    setState(item, { is: 'queued' });
    changed(item.message.room, queue);
    flush(item.message.room);
  }

  function drop(key: string): boolean {
    const [queue, item] = find(key) ?? [];
    if (!queue || !item || item.message.state.is === 'sending' || !isLive(item)) return false;
    remove(queue, item);
    changed(item.message.room, queue);
    save();
    item.reject(failure('dropped'));
    flush(item.message.room);
    return true;
  }

  // ------------------------------------------------------------ by the room

  /** One's own entry, met before its answer or after it, is the answer. */
  function met(entry: WireEntry): void {
    if (entry.type !== 'message' || entry.key === undefined || entry.from.id !== needs.me()) return;
    const [queue, item] = find(entry.key) ?? [];
    if (!queue || !item || item.message.room !== entry.room) return;
    remove(queue, item);
    changed(entry.room, queue);
    save();
    item.resolve({ seq: entry.seq, time: entry.time });
    flush(entry.room);
  }

  function forgetSent(room: string, upTo: number): void {
    const queue = queues.get(room);
    const rest = queue?.items.filter(
      ({ message }) => message.state.is !== 'sent' || message.state.seq > upTo,
    );
    if (!queue || !rest || rest.length === queue.items.length) return;
    queue.items = rest;
    changed(room, queue);
  }

  /** One is not in the room: what is next fails. */
  function out(room: string, why: TeahouseError): void {
    forgetSent(room, Number.POSITIVE_INFINITY);
    const queue = queues.get(room);
    const item = queue?.items[0];
    if (queue && item) fail(queue, item, why);
  }

  function offline(): void {
    for (const queue of queues.values()) {
      queue.cancelRetry?.();
      queue.cancelRetry = undefined;
    }
  }

  function clear(): void {
    const items = [...queues.values()].flatMap((queue) => queue.items);
    const rooms = [...queues.keys()];
    queues.clear();
    save();
    for (const room of rooms) emit('outbox', { room, unsent: [] });
    for (const item of items) item.reject(failure('closed'));
  }

  for (const { by, ...message } of loadQueue(storage)) void put(message, by);
  for (const queue of queues.values()) queue.view = queue.items.map(({ message }) => message);

  return {
    send,
    retry,
    drop,
    flush,
    met,
    passed: forgetSent,
    out,
    offline,
    clear,
    unsent: (room: string) => queues.get(room)?.view ?? NOTHING,
  };
}

const NOTHING: readonly Unsent[] = [];
