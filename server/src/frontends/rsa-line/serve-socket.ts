import type { Socket } from 'node:net';
import { createInbox, createGuest, createQuiet } from '../classic/index.ts';
import { createLineDecoder, createOutbox, isHttpRequest } from '../../transport/index.ts';
import type { NameOpener } from './name-opener.ts';
import type { RsaLineOptions } from './options.ts';
import { createReader } from './reader.ts';
import { logIn } from './log-in.ts';
import { createTalk } from './talk.ts';
import type { Words } from './words.ts';

/** A chunk without a line end is complete after so much quiet, in ms. */
const QUIET_MS = 50;
/** How long a closed connection's rest may take to be read by the other side, in ms. */
const LINGER_MS = 2_000;
/** Escapes, and a prefix to every line, make several characters of one: what waits for a reader may be so many times the outbox of other front ends. */
const EXPANSION = 4;
const LF = Buffer.from('\n');

/** What all connections of the front end use. */
export interface Shared {
  readonly words: Words;
  readonly opener: NameOpener;
}

/** Serves one connection from its first byte to its end. `address` is the other side's, plain. */
export function serveSocket(
  options: RsaLineOptions,
  { words, opener }: Shared,
  socket: Socket,
  address: string,
  room: string,
): void {
  const { setTimer, endOfTurn, limits } = options;
  const outbox = createOutbox({
    socket,
    pack: (messages) => Buffer.from(messages.join('')),
    limit: limits.outboxBytes * EXPANSION,
    endOfTurn,
    onOverflow: () => cutOff(),
    close: () => socket.end(),
    linger: LINGER_MS,
    setTimer,
  });

  const end = (last: string | undefined, reason: string): void => {
    if (!guest.finish(reason)) return;
    inbox.clear();
    outbox.end(last);
    // What still comes is read and dropped: unread, it would take the last words with it.
    socket.resume();
  };
  const cutOff = (): void => {
    if (!guest.finish('slow_consumer')) return;
    inbox.clear();
    outbox.cutOff('\n[-] You read more slowly than the room speaks. Connect again.');
  };

  const reader = createReader({ live: words.live, outbox, limit: limits.outboxBytes, overflow: cutOff });
  const guest = createGuest(
    options,
    'rsa-line',
    address,
    {
      deliver: (batch) => reader.deliver(batch, guest.connection),
      // The protocol has no words for what is not kept.
      signal: () => undefined,
      end(reason) {
        const last = {
          kicked: 'You were put out.',
          logged_out: '',
          server_stopping: 'The server is stopping.',
        };
        end(last[reason] && `\n[-] ${last[reason]}`, reason);
      },
    },
    () => socket.destroy(),
  );
  const talk = createTalk({ options, words, guest, reader, outbox, socket, room });

  let first = true;
  const take = async (line: string | null): Promise<void> => {
    if (guest.ended) return;
    if (first && line !== null && isHttpRequest(line)) {
      socket.destroy();
      return;
    }
    if (!first) return talk.takeLine(line);
    first = false;
    const refusal = await logIn({ options, opener, guest, reader, room }, line);
    if (refusal !== null) return end(refusal.words, refusal.code);
    return talk.begin();
  };
  const inbox = createInbox({
    take,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    failed: options.failed,
  });

  const decoder = createLineDecoder(limits.lineBytes, {
    line: (text) => inbox.push(text),
    invalid: () => inbox.push(null),
    tooLong: () => end(`\n[-] A line has at most ${limits.lineBytes} bytes.`, 'too_long'),
  });
  /** Whether the last line of what has come is without its end. */
  let isOpen = false;
  const endChunk = (): void => {
    quiet.cancel();
    if (isOpen) decoder.push(LF);
    isOpen = false;
  };
  const quiet = createQuiet(options, endChunk);
  socket.on('data', (chunk: Buffer) => {
    if (!guest.received(chunk.length)) return;
    isOpen = chunk.at(-1) !== LF[0];
    if (isOpen) quiet.wait(QUIET_MS);
    else quiet.cancel();
    decoder.push(chunk);
  });
  socket.on('end', () => {
    endChunk();
    inbox.end(() => end(undefined, 'closed'));
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    quiet.cancel();
    inbox.clear();
    guest.finish('closed');
  });
}
