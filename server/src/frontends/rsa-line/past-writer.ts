import type { Socket } from 'node:net';
import { readPast, type Connection, type Core, type Failure, type FoldedEntry } from '../../chat/index.ts';
import type { Outbox } from '../../transport/index.ts';

/** What of the past is wanted, and how it is written. */
export interface PastWish {
  readonly room: string;
  readonly last?: number;
  readonly kinds?: readonly FoldedEntry['kind'][];
  readonly write: (entry: FoldedEntry) => string;
}

/**
 * Writes the past out page by page, the next one when the system has taken the
 * one before: who does not read waits alone, with one page in memory. Answers
 * why it ended early, or null.
 */
export async function writePast(
  { core, connection, socket, outbox, endOfTurn }: PastTarget,
  { write, ...request }: PastWish,
): Promise<Failure | null> {
  const opened = await readPast(core, connection, request);
  if (!opened.ok) return opened;
  for (;;) {
    const page = await opened.reader.next();
    if (!page.ok) return page;
    if (page.entries.length === 0 || socket.destroyed) return null;
    outbox.say(page.entries.map(write).join(''));
    // The outbox writes at the end of the turn, before this goes on.
    await new Promise<void>((resolve) => endOfTurn(resolve));
    if (socket.writableNeedDrain) await drained(socket);
  }
}

export interface PastTarget {
  readonly core: Core;
  readonly connection: Connection;
  readonly socket: Socket;
  readonly outbox: Outbox;
  readonly endOfTurn: (task: () => void) => void;
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}
