import { checkRequest } from '@teahouse/protocol/validators';
import * as chat from '../../chat/index.ts';
import type { Batch, Connection, EndReason, Failure, Format, Receiver, Signal } from '../../chat/index.ts';
import { createTokenBucket } from '../../limits/token-bucket.ts';
import type { Outbox } from '../../transport/index.ts';
import { runCommand, type Caller } from './commands.ts';
import { encodeSignal } from './encode.ts';
import type { NativeOptions } from './options.ts';

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
/** Bytes of a message above which one that is refused for its rate is not even parsed for its `id`. */
const PARSE_REFUSED_BELOW = 4_096;

let lastSignal: Signal | null = null;
let lastSignalText = '';

/** The words of an end. */
const ENDINGS: Record<EndReason, Failure | null> = {
  kicked: chat.fail('kicked', 'The operator ended this connection.'),
  logged_out: null,
  server_stopping: chat.fail('server_stopping', 'The server is stopping. Connect again in a while.'),
};

function errorText(id: string | undefined, { code, message }: Failure): string {
  return JSON.stringify({ type: 'error', ...(id === undefined ? {} : { id }), code, message });
}

/** One connection of the native protocol, whatever its transport: decoding, the order of requests, limits before and after login. */
export function createSession(options: NativeOptions, link: Link): Session {
  const { core, limits } = options;
  const { outbox, format } = link;
  const bucket = createTokenBucket(options.rates.requestsPerConnection);
  const waiting: string[] = [];
  let busy = false;
  let ended = false;
  let inputEnded = false;
  /** Sends that were handed over and not answered yet. */
  let unanswered = 0;
  let requestsBefore = 0;
  let bytesBefore = 0;
  let cancelFirstByte: (() => void) | null = null;

  const receiver: Receiver = {
    deliver(batch: Batch) {
      outbox.share(batch.bytes(format));
    },
    signal(signal) {
      if (outbox.queued > limits.outboxBytes * SHED_ABOVE) return;
      if (signal !== lastSignal) {
        lastSignal = signal;
        lastSignalText = encodeSignal(signal);
      }
      outbox.say(lastSignalText);
    },
    end(reason) {
      const failure = ENDINGS[reason];
      finish(failure === null ? undefined : errorText(undefined, failure), reason);
    },
  };
  const connection: Connection = chat.connect(core, receiver, link.via, link.address);

  /** The last word, then the end; nothing that comes in afterwards counts. */
  function finish(last: string | undefined, reason: string): void {
    if (ended) return;
    ended = true;
    waiting.length = 0;
    options.closing(connection, reason);
    outbox.end(last);
    chat.disconnect(core, connection);
  }

  const refuse = (id: string | undefined, failure: Failure): void => {
    options.refused(connection, failure.code);
    outbox.say(errorText(id, failure));
  };
  const end = (failure: Failure): void => finish(errorText(undefined, failure), failure.code);

  const timeOut = (): void => end(chat.fail('login_timeout', 'Nobody logged in on this connection in time.'));
  let cancelConnect: (() => void) | null = options.setTimer(timeOut, limits.connectTimeoutSeconds * 1_000);
  const loggedIn = (): void => {
    cancelConnect?.();
    cancelFirstByte?.();
    cancelConnect = cancelFirstByte = null;
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
    loggedIn,
    close: () => finish(undefined, 'logged_out'),
    replay(items, room) {
      if (items.length > 0) outbox.share(chat.packItems(format, room, items));
    },
  };

  /** How long (ms) the rates of connection, address and person make this request wait; 0 is not at all. */
  const waitFor = (now: number): number => {
    const own = bucket.take(now);
    if (own > 0) return own;
    const { person } = connection;
    const persons = person === null ? 0 : person.rates.requests.take(now);
    return persons > 0 ? persons : options.takeAddress(link.address, now);
  };

  const parse = (text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  };

  const refuseRate = (text: string, wait: number): void => {
    const value = text.length < PARSE_REFUSED_BELOW ? parse(text) : undefined;
    const id =
      typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
        ? value.id
        : undefined;
    refuse(id?.slice(0, 64), chat.rateLimited(wait));
  };

  const handle = (text: string): void | Promise<void> => {
    if (connection.person === null) {
      requestsBefore += 1;
      if (requestsBefore > limits.requestsBeforeLogin) {
        return end(
          chat.fail('limit_reached', `More than ${limits.requestsBeforeLogin} requests before login.`),
        );
      }
    }
    const wait = waitFor(core.options.now());
    if (wait > 0) return refuseRate(text, wait);
    const value = parse(text);
    if (value === undefined)
      return refuse(undefined, chat.fail('bad_request', 'This is not one JSON object.'));
    const checked = checkRequest(value);
    if (!checked.ok) return refuse(checked.id, checked);
    return runCommand(caller, checked.request);
  };

  /** Runs what waits, one request after the other, until one takes its time. */
  const drain = (): void => {
    while (!busy && !ended) {
      const text = waiting.shift();
      if (text === undefined) {
        link.resume();
        if (inputEnded) endWhenAnswered();
        return;
      }
      run(text);
    }
  };

  /** Ends behind the last answer; it leaves at the end of the turn, like any other. */
  function endWhenAnswered(): void {
    if (busy || waiting.length > 0 || unanswered > 0) return;
    finish(undefined, 'closed');
  }

  const run = (text: string): void => {
    const done = handle(text);
    if (done === undefined) return;
    busy = true;
    void done
      .catch((error: unknown) => options.failed(error))
      .finally(() => {
        busy = false;
        drain();
      });
  };

  outbox.say(options.hello);

  return {
    received(bytes) {
      if (connection.person !== null || ended) return;
      cancelFirstByte ??= options.setTimer(timeOut, limits.loginTimeoutSeconds * 1_000);
      bytesBefore += bytes;
      if (bytesBefore > limits.bytesBeforeLogin)
        end(chat.fail('limit_reached', `More than ${limits.bytesBeforeLogin} bytes before login.`));
    },
    message(text) {
      if (ended) return;
      if (!busy) return run(text);
      waiting.push(text);
      link.pause();
    },
    invalidUtf8() {
      refuse(undefined, chat.fail('bad_request', 'This is not valid UTF-8.'));
    },
    tooLong() {
      end(chat.fail('too_long', `A line has at most ${limits.lineBytes} bytes.`));
    },
    inputEnded() {
      inputEnded = true;
      endWhenAnswered();
    },
    overflow() {
      if (ended) return;
      ended = true;
      waiting.length = 0;
      options.closing(connection, 'slow_consumer');
      outbox.cutOff(
        errorText(
          undefined,
          chat.fail(
            'slow_consumer',
            'You read more slowly than the room speaks. Connect again and join with the last seq you have.',
          ),
        ),
      );
      chat.disconnect(core, connection);
    },
    closed() {
      loggedIn();
      waiting.length = 0;
      if (ended) return;
      ended = true;
      options.closing(connection, 'closed');
      chat.disconnect(core, connection);
    },
  };
}
