/**
 * How the operator's commands (`teahouse kick`, `teahouse keys`) reach a
 * running server: one JSON line as the request and one as the answer, on a
 * local socket in the data folder that only its owner can open. Knows nothing
 * of what the actions do.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { UserError } from '../user-error.ts';

/** What a running server does for its operator. */
export interface ControlActions {
  /** Puts the person with this nickname out; false if nobody here has it. */
  kick(nick: string): Promise<boolean>;
  /** The public key of rsa-line as PEM; null if no listener needs one. */
  publicKey(): string | null;
}

export type ControlRequest = { readonly ask: 'kick'; readonly nick: string } | { readonly ask: 'keys' };

export type ControlAnswer =
  | { readonly ok: true; readonly kicked: boolean }
  | { readonly ok: true; readonly publicKey: string | null }
  | { readonly ok: false; readonly message: string };

/** Bytes in a request or an answer at most; a public key of 4096 bits takes 800. */
const LINE_BYTES = 4096;
/** Milliseconds without a word after which the other side counts as silent. */
const SILENCE = 5000;
/** Bytes in the path of a Unix socket that every system takes. */
const SOCKET_PATH_BYTES = 100;
/** What connecting says where nobody listens, or whoever did has just stopped. */
const GONE = new Set<string | undefined>(['ENOENT', 'ENOTDIR', 'ECONNREFUSED', 'ECONNRESET']);
const WINDOWS = process.platform === 'win32';

/** The name of the socket in a data folder. */
export const CONTROL_SOCKET = 'control.sock';

/** Asks the server that holds the folder. Null if none does. */
export async function askServer(folder: string, request: ControlRequest): Promise<ControlAnswer | null> {
  const socket = await connectTo(await realpath(folder).catch(() => folder), CONTROL_SOCKET);
  if (socket === null) return null;
  try {
    socket.write(`${JSON.stringify(request)}\n`);
    for await (const line of readLines(socket)) {
      const answer = JSON.parse(line) as ControlAnswer | { readonly state: string };
      if ('ok' in answer) return answer; // the line before says who is there
    }
    return { ok: false, message: 'the server ended before it answered' };
  } finally {
    socket.destroy();
  }
}

/** Does what a request line asks for. */
export async function answerControl(line: string, actions: ControlActions | null): Promise<ControlAnswer> {
  const request = parseRequest(line);
  if (request === null) return { ok: false, message: 'the request is none that this server knows' };
  if (actions === null) return { ok: false, message: 'the server is still starting' };
  if (request.ask === 'kick') return { ok: true, kicked: await actions.kick(request.nick) };
  return { ok: true, publicKey: actions.publicKey() };
}

/**
 * The lines that come on a local socket, each up to 4 KiB. Ends when the other
 * side does, is silent for 5 s, or sends more than that.
 */
export async function* readLines(socket: Socket): AsyncGenerator<string, undefined> {
  socket.setTimeout(SILENCE, () => socket.destroy());
  socket.setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of socket) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
      if (rest.length > LINE_BYTES) return;
    }
  } catch {
    // Cut off: no more lines.
  }
}

/** Connects to a socket in a data folder. Null if nothing listens there. */
export async function connectTo(folder: string, name: string): Promise<Socket | null> {
  return withSocketPath(folder, name, (path) => {
    const { promise, resolve, reject } = Promise.withResolvers<Socket | null>();
    const socket = connect(path);
    socket.once('connect', () => {
      socket.on('error', () => {}); // shows as the end of its lines
      resolve(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EACCES')
        reject(new UserError(`Only the user whose server it is may reach the one on ${folder}.`));
      else if (GONE.has(error.code)) resolve(null);
      else reject(error);
    });
    return promise;
  });
}

/**
 * Calls `use` with a path for the socket that is short enough for the system:
 * a Unix socket's has room for some hundred bytes only, so a long one goes by
 * way of a short-lived link. On Windows it is a named pipe of the folder's own.
 */
export async function withSocketPath<T>(
  folder: string,
  name: string,
  use: (path: string) => Promise<T>,
): Promise<T> {
  if (WINDOWS)
    return use(
      `\\\\.\\pipe\\teahouse-${createHash('sha256').update(folder.toLowerCase()).digest('hex').slice(0, 32)}`,
    );
  const direct = [join(folder, name), relative(process.cwd(), join(folder, name))];
  const short = direct.find((path) => Buffer.byteLength(path) <= SOCKET_PATH_BYTES);
  if (short !== undefined) return use(short);
  const link = await mkdtemp(join(tmpdir(), 'teahouse-'));
  try {
    await symlink(folder, join(link, 'data'));
    return await use(join(link, 'data', name));
  } finally {
    await rm(link, { recursive: true });
  }
}

function parseRequest(line: string): ControlRequest | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('ask' in value)) return null;
  if (value.ask === 'keys') return { ask: 'keys' };
  if (value.ask === 'kick' && 'nick' in value && typeof value.nick === 'string')
    return { ask: 'kick', nick: value.nick };
  return null;
}
