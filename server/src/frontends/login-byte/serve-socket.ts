import { isUtf8 } from 'node:buffer';
import type { Socket } from 'node:net';
import { encodeItem, type Batch, type EndReason } from '../../chat/index.ts';
import { createGuest, createInbox, createSpeaker, type ClassicOptions } from '../classic/index.ts';
import { isHttpRequest } from '../../transport/index.ts';
import { createGatherer } from './gatherer.ts';
import type { Holders } from './holders.ts';
import { logIn } from './log-in.ts';
import { createPacedWriter } from './paced-writer.ts';
import { trimLineEnds } from './trim-line-ends.ts';
import { notice, PIECES } from './words.ts';

/** The last words of an end. */
const LAST_WORDS: Record<EndReason, string> = {
  kicked: notice('you were put out'),
  logged_out: '',
  server_stopping: notice('server is stopping'),
};

/** Serves one connection from its first byte to its end. `address` is the other side's, plain. */
export function serveSocket(
  options: ClassicOptions,
  holders: Holders,
  socket: Socket,
  address: string,
  room: string,
): void {
  const { core, setTimer, limits } = options;
  const writer = createPacedWriter(socket, setTimer);

  const end = (last: string, reason: string): void => {
    if (!guest.finish(reason)) return;
    forget();
    writer.end(last);
    // What still comes is read and dropped: unread, it would take the last words with it.
    socket.resume();
  };
  const forget = (): void => {
    gatherer.clear();
    inbox.clear();
    holders.remove(guest.connection);
  };
  const deliver = (batch: Batch): void => {
    const own = guest.connection.person?.id;
    for (const item of batch.items) {
      if (item.entry.from.id === own) continue;
      const message = encodeItem(PIECES, batch.room, item);
      if (message !== '') writer.write(message);
    }
  };
  const guest = createGuest(
    options,
    'login-byte',
    address,
    // The protocol has no words for what is not kept.
    { deliver, signal: () => undefined, end: (reason) => end(LAST_WORDS[reason], reason) },
    () => socket.destroy(),
  );
  const { connection } = guest;
  const speaker = createSpeaker(options, guest, room, () =>
    writer.write(notice('your message cannot be stored at the moment and is tried again')),
  );

  const enter = async (name: Uint8Array): Promise<void> => {
    const failure = await logIn(options, holders, guest, room, name);
    if (guest.ended) return;
    if (failure === null) {
      writer.answer('Y');
      holders.add(connection, () =>
        writer.write(notice(`${connection.person?.nick ?? 'your name'} is asked for`)),
      );
      return;
    }
    options.refused(connection, failure.code);
    writer.answer(failure.code === 'nick_taken' ? 'R' : 'N');
    end('', failure.code);
  };

  const refuse = (code: string, words: string): void => {
    options.refused(connection, code);
    writer.write(notice(words));
  };
  const say = async (bytes: Uint8Array): Promise<void> => {
    if (!(await speaker.admit())) return;
    if (!isUtf8(bytes)) return refuse('bad_request', 'this was not valid UTF-8, and was not sent');
    const text = trimLineEnds(Buffer.from(bytes).toString('utf8'));
    if (text.trim() === '') return;
    writer.stopPadding();
    const failure = await speaker.say(text);
    if (failure !== null && !guest.ended) refuse(failure.code, failure.message);
  };

  let first = true;
  const inbox = createInbox<Uint8Array>({
    async take(bytes) {
      if (guest.ended) return;
      const isName = first;
      first = false;
      await (isName ? enter(bytes) : say(bytes));
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    failed: options.failed,
  });
  const gatherer = createGatherer({
    limit: limits.textBytes,
    now: core.options.now,
    time: options,
    message: (bytes) => inbox.push(bytes),
  });

  let started = false;
  socket.on('data', (chunk: Buffer) => {
    if (!started && isHttpRequest(chunk.toString('latin1', 0, 16))) {
      socket.destroy();
      return;
    }
    started = true;
    if (guest.received(chunk.length)) gatherer.push(chunk);
  });
  socket.on('end', () => {
    gatherer.flush();
    inbox.end(() => end('', 'closed'));
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    forget();
    guest.finish('closed');
  });
}
