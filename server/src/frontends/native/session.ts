import { checkRequest } from '@teahouse/protocol/validators';
import * as chat from '../../chat/index.ts';
import type { Connection, EndReason, Failure, Format, Receiver, Signal } from '../../chat/index.ts';
import type { Outbox } from '../../transport/index.ts';
import { runCommand, type Caller } from './commands.ts';
import { createGate, type Gate } from './gate.ts';
import type { NativeOptions } from './options.ts';
import { createRequestQueue } from './request-queue.ts';

/** What a transport tells the session of its connection. */
export interface Session {
  /** Bytes came, whatever they are. */
  received(bytes: number): void;
  /** One whole message. */
  message(text: string): void;
  invalidUtf8(): void;
  tooLong(): void;
  /** The other side sends no more, but may still read: what it asked is answered, then the connection ends. */
  inputEnded(): void;
  /** The outbox is full. */
  overflow(): void;
  /** The connection is gone. */
  closed(): void;
}

/** What a session needs of its transport. */
export interface Link {
  readonly via: 'tcp' | 'websocket';
  readonly address: string;
  readonly format: Format;
  readonly outbox: Outbox;
  /** Stops and resumes reading. */
  pause(): void;
  resume(): void;
}

/** Signals are shed when more than this part of the outbox's bound is waiting. */
const SHED_ABOVE = 0.25;
/** Characters of a message above which one that is refused for its rate is not even parsed for its `id`. */
const PARSE_REFUSED_BELOW = 4_096;
/** Characters of an `id`, as the schema allows them. */
const ID_LENGTH = 64;

const NOT_AN_OBJECT = chat.fail('bad_request', 'This is not one JSON object.');
const NOT_UTF8 = chat.fail('bad_request', 'This is not valid UTF-8.');
const INTERNAL = chat.fail('internal', 'The server made a mistake. It is in its log; trying again may help.');
const SLOW = chat.fail(
  'slow_consumer',
  'You read more slowly than the room speaks. Connect again and join with the last seq you have.',
);

/** The words of an end. */
const ENDINGS: Record<EndReason, Failure | null> = {
  kicked: chat.fail('kicked', 'The operator ended this connection.'),
  logged_out: null,
  server_stopping: chat.fail('server_stopping', 'The server is stopping. Connect again in a while.'),
};

// One signal goes to many connections one after the other, and is encoded for the first.
let lastSignal: Signal | null = null;
let lastSignalText = '';

function encodeOnce(signal: Signal): string {
  if (signal !== lastSignal) {
    lastSignal = signal;
    lastSignalText = JSON.stringify(signal);
  }
  return lastSignalText;
}

function errorText(id: string | undefined, { code, message }: Failure): string {
  return JSON.stringify({ type: 'error', ...(id === undefined ? {} : { id }), code, message });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The `id` of a request that is refused unread, if it is short enough to look for one. */
function idOf(text: string): string | undefined {
  const value = text.length < PARSE_REFUSED_BELOW ? parse(text) : undefined;
  const hasId = typeof value === 'object' && value !== null && 'id' in value;
  return hasId && typeof value.id === 'string' ? value.id.slice(0, ID_LENGTH) : undefined;
}

/** One connection of the native protocol, whatever its transport: decoding, the order of requests, answers, the end. */
export function createSession(options: NativeOptions, link: Link): Session {
  const { core, limits } = options;
  const { outbox, format } = link;
  let ended = false;
  let inputEnded = false;
  /** Sends that were handed over and not answered yet. */
  let unanswered = 0;

  const receiver: Receiver = {
    deliver(batch) {
      outbox.share(batch.bytes(format));
    },
    signal(signal) {
      if (outbox.queued <= limits.outboxBytes * SHED_ABOVE) outbox.say(encodeOnce(signal));
    },
    end(reason) {
      const failure = ENDINGS[reason];
      finish(reason, () => outbox.end(failure === null ? undefined : errorText(undefined, failure)));
    },
  };
  const connection: Connection = chat.connect(core, receiver, link.via, link.address);
  const endWith = (failure: Failure): void =>
    finish(failure.code, () => outbox.end(errorText(undefined, failure)));
  const gate: Gate = createGate(options, connection, endWith);

  /** The end; nothing that comes in afterwards counts. */
  function finish(reason: string, lastWords: () => void): void {
    if (ended) return;
    ended = true;
    gate.open();
    queue.clear();
    options.closing(connection, reason);
    lastWords();
    // A connection that is not read would not show that its other side has closed it.
    link.resume();
    chat.disconnect(core, connection);
  }

  const refuse = (id: string | undefined, failure: Failure): void => {
    options.refused(connection, failure.code);
    outbox.say(errorText(id, failure));
  };

  const caller: Caller = {
    core,
    connection,
    ok(id, fields) {
      // A client that wants no answers leaves `id` out.
      if (id !== undefined) outbox.say(`{"type":"ok","id":${JSON.stringify(id)}${fields}}`);
    },
    error: refuse,
    started() {
      unanswered += 1;
    },
    settled() {
      unanswered -= 1;
      if (inputEnded) endWhenAnswered();
    },
    loggedIn: () => gate.open(),
    close: () => finish('logged_out', () => outbox.end()),
    replay(items, room) {
      if (items.length > 0) outbox.share(chat.packItems(format, room, items));
    },
  };

  /** Whether the gate lets a request in; if not, its sender has been told. */
  const admit = (text: string): boolean => {
    const refusal = gate.admit();
    if (refusal === null) return true;
    if (refusal.code === 'rate_limited') refuse(idOf(text), refusal);
    else endWith(refusal);
    return false;
  };

  const handle = (text: string): void | Promise<void> => {
    if (ended || !admit(text)) return;
    const value = parse(text);
    if (value === undefined) return refuse(undefined, NOT_AN_OBJECT);
    const checked = checkRequest(value);
    if (!checked.ok) return refuse(checked.id, checked);
    const failed = (error: unknown): void => {
      options.failed(error);
      refuse(checked.request.id, INTERNAL);
    };
    try {
      return runCommand(caller, checked.request)?.catch(failed);
    } catch (error) {
      failed(error);
    }
  };

  /** Ends with this turn, so that the entries of the last sends leave as well. */
  function endWhenAnswered(): void {
    if (queue.busy || unanswered > 0) return;
    options.endOfTurn(() => finish('closed', () => outbox.end()));
  }

  const queue = createRequestQueue({
    run: handle,
    pause: () => link.pause(),
    resume: () => link.resume(),
    onIdle: () => {
      if (inputEnded) endWhenAnswered();
    },
  });

  outbox.say(options.hello);

  return {
    received(bytes) {
      if (!ended) gate.received(bytes);
    },
    message(text) {
      if (!ended) queue.push(text);
    },
    invalidUtf8() {
      if (!ended && admit('')) refuse(undefined, NOT_UTF8);
    },
    tooLong: () => endWith(chat.fail('too_long', `A line has at most ${limits.lineBytes} bytes.`)),
    inputEnded() {
      inputEnded = true;
      endWhenAnswered();
    },
    overflow: () => finish(SLOW.code, () => outbox.cutOff(errorText(undefined, SLOW))),
    closed: () => finish('closed', () => undefined),
  };
}
