/**
 * The hold on a data folder: at most one server has it, and it dies with its
 * process, even by SIGKILL, because it is a listening local socket. The same
 * socket is the control channel (`control.ts`).
 *
 * A left-over socket file of a dead server cannot simply be removed and made
 * anew: two servers that start at once would each remove the other's. So each
 * first listens under a name of its own (`claim-….sock`), and only then looks
 * who else does. Whoever looks second sees the first, so of two at most one
 * finds itself alone; if they see each other, the lower name wins. The winner
 * alone gives its socket the name `control.sock`, over whatever lay there.
 * On Windows the system itself lets one process only listen on a pipe's name.
 */
import { randomBytes } from 'node:crypto';
import { chmod, readdir, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';

import { answerControl, connectTo, CONTROL_SOCKET, readLines, withSocketPath } from './control.ts';
import type { ControlActions } from './control.ts';
import { UserError } from '../user-error.ts';

export interface Hold {
  /** From here on the control channel does what it is asked; before, it says that the server is starting. */
  readonly serve: (actions: ControlActions) => void;
  /** Lets go of the folder. The last thing a server does. */
  readonly release: () => Promise<void>;
}

/** The first line that anybody who connects is sent. */
interface Greeting {
  readonly state: 'claiming' | 'holding';
  readonly pid: number;
}

const CLAIM = /^claim-[0-9a-f]{16}\.sock$/;
const WINDOWS = process.platform === 'win32';

/**
 * Takes hold of the folder (a real path, as `openDataFolder` gives it). Throws
 * a `UserError` if another server has it.
 */
export async function holdDataFolder(folder: string): Promise<Hold> {
  const channel = createChannel();
  const claim = `claim-${randomBytes(8).toString('hex')}.sock`;
  try {
    await withSocketPath(folder, claim, (path) => listen(channel.server, path));
    if (!WINDOWS) await winFolder(folder, claim);
  } catch (error) {
    await channel.close();
    await rm(join(folder, claim), { force: true });
    throw explainHold(folder, error);
  }
  channel.hold();
  return {
    serve: channel.serve,
    release: async () => {
      if (!WINDOWS) await rm(join(folder, CONTROL_SOCKET), { force: true });
      await channel.close();
    },
  };
}

function createChannel() {
  let state: Greeting['state'] = 'claiming';
  let actions: ControlActions | null = null;
  let closed = false;
  const sockets = new Set<Socket>();
  const greet = (socket: Socket) =>
    socket.write(`${JSON.stringify({ state, pid: process.pid } satisfies Greeting)}\n`);
  const server = createServer((socket) => {
    if (closed) {
      socket.destroy(); // was on its way in when we closed
      return;
    }
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    greet(socket);
    void answerAll(socket, () => actions);
  });
  return {
    server,
    hold: () => {
      state = 'holding';
      for (const socket of sockets) greet(socket);
    },
    serve: (given: ControlActions) => {
      actions = given;
    },
    close: (): Promise<void> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      closed = true;
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
      return promise;
    },
  };
}

async function answerAll(socket: Socket, actions: () => ControlActions | null): Promise<void> {
  for await (const line of readLines(socket)) {
    const answer = await answerControl(line, actions()).catch(() => ({
      ok: false,
      message: 'the server could not do it; its log says why',
    }));
    socket.write(`${JSON.stringify(answer)}\n`);
  }
  socket.destroy();
}

/** Settles when nobody else has the folder or claims it before us; throws `Held` otherwise. */
async function winFolder(folder: string, claim: string): Promise<void> {
  await chmod(join(folder, claim), 0o600);
  // The claims first: a winner's socket goes from there to `control.sock`, and is so seen in one of both.
  const claims = (await readdir(folder)).filter((name) => CLAIM.test(name) && name !== claim);
  for (const other of claims) await yieldTo(folder, other, other < claim);
  await yieldTo(folder, CONTROL_SOCKET, true);
  await rename(join(folder, claim), join(folder, CONTROL_SOCKET));
  await Promise.all(claims.map((dead) => rm(join(folder, dead), { force: true })));
}

/**
 * Throws `Held` if a server listens on this socket that holds the folder, or
 * claims it and comes first. One that ends the connection has given way or
 * died; one that says nothing at all is halted, or very busy, and still has it.
 */
async function yieldTo(folder: string, name: string, comesFirst: boolean): Promise<void> {
  const socket = await connectTo(folder, name);
  if (socket === null) return;
  let heard = false;
  let silent = false;
  socket.once('timeout', () => (silent = !heard));
  try {
    for await (const line of readLines(socket)) {
      heard = true;
      const { state, pid } = JSON.parse(line) as Greeting;
      if (state === 'holding' || comesFirst) throw new Held(pid);
    }
  } finally {
    socket.destroy();
  }
  if (silent) throw new Held(null);
}

class Held extends Error {
  readonly pid: number | null;

  constructor(pid: number | null) {
    super('held');
    this.pid = pid;
  }
}

function listen(server: Server, path: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(path, () => {
    server.off('error', reject);
    resolve();
  });
  return promise;
}

function explainHold(folder: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  // A full queue of connections (EAGAIN) belongs to somebody who lives.
  if (error instanceof Held || code === 'EADDRINUSE' || code === 'EAGAIN') {
    const who =
      error instanceof Held && error.pid !== null
        ? `another server (process ${error.pid})`
        : 'another server';
    return new UserError(
      `The data folder ${folder} is in use by ${who}: stop that one, or give --data another folder.`,
    );
  }
  if (code === 'ENOSPC')
    return new UserError(
      `The disk of the data folder ${folder} is full: make room, or give --data another folder.`,
    );
  if (code === 'EACCES' || code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP') {
    return new UserError(
      `The data folder ${folder} is on a disk without local sockets (${code}): give --data a folder on a local disk.`,
    );
  }
  return error;
}
