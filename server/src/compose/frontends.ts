/**
 * Puts front ends on listeners. Part of the composition root, apart so that
 * `main.ts` shows the order of starting and stopping at a glance.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { ensureRoom, LOBBY, type Core } from '../chat/index.ts';
import { composeLoginByte, composeRsaLine } from './classic.ts';
import type { Config, Listener } from '../config/config.ts';
import { formatListener } from '../config/listeners.ts';
import { createConnectionReports } from './connection-reports.ts';
import type { Report } from '../console/journal-event.ts';
import { createHttpFrontend, type HttpFrontend } from '../frontends/http/http-frontend.ts';
import { createWebSockets, serveTcp, type NativeOptions } from '../frontends/native/index.ts';
import { createHello } from './hello.ts';
import { addressKey, plainAddress, type TimesOf } from '../limits/addresses.ts';
import { createAdmission } from '../limits/admission.ts';
import { createKeyedBuckets } from '../limits/keyed-buckets.ts';
import { UNLIMITED } from '../limits/token-bucket.ts';
import type { RsaKey } from '../data-folder/rsa-key.ts';
import { toldLimits } from './settings.ts';
import { admitConnections, listen } from '../transport/listen.ts';
import type { Turn } from './turn.ts';
import { waysIn } from './ways-in.ts';
import { UserError } from '../user-error.ts';

const PAGE_FOLDER = fileURLToPath(new URL('../../../web/dist', import.meta.url));
/** A dead peer on a raw TCP line is found by the system's keepalive, first after this long (ms). */
const KEEPALIVE_MS = 60_000;

/** A listener that is ready, with the port it really has. */
export interface OpenListener extends Listener {
  readonly url: string;
}

export interface FrontendsOptions {
  readonly core: Core;
  readonly config: Config;
  readonly rateLimits: boolean;
  readonly timesOf: TimesOf;
  readonly turn: Turn;
  readonly setTimer: (task: () => void, ms: number) => () => void;
  readonly key: RsaKey | null;
  readonly journal: Report;
}

export interface Frontends {
  /** Opens one listener. Throws a `UserError` where the system does not let it. */
  open(listener: Listener): Promise<OpenListener>;
  /** No new connections; http goes on answering until `close`. */
  stopListening(): void;
  /** Waits until connections have ended, at most so long (ms), and ends the rest. */
  close(ms: number): Promise<void>;
}

/** Serves one accepted connection of a listener. */
type Serve = (socket: Socket, address: string) => void;

export function createFrontends(options: FrontendsOptions): Frontends {
  const { core, config, journal } = options;
  const native = nativeOptions(options);
  const opened: OpenListener[] = [];
  const webSockets = createWebSockets(native);
  const rsaLine = composeRsaLine(options);
  const loginByte = composeLoginByte(options);
  const admission = createAdmission({
    atOnce: config.rates.connectionsPerAddress,
    rate: config.rates.newConnectionsPerAddress,
    timesOf: options.timesOf,
    now: core.options.now,
  });
  const sockets = new Set<Socket>();
  const servers: Server[] = [];
  const pages: HttpFrontend[] = [];

  const admit = (server: Server, scheme: Listener['scheme'], serve: Serve): void => {
    admitConnections(server, admission, {
      accept(socket, address) {
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
        socket.setNoDelay(true);
        if (scheme !== 'http') {
          socket.setKeepAlive(true, KEEPALIVE_MS);
          journal({ kind: 'connected', frontend: scheme, address });
        }
        serve(socket, address);
      },
      refused: (address, code) => journal({ kind: 'refused', frontend: scheme, address, code }),
    });
  };

  const openPage = async (): Promise<Server> => {
    const page = createHttpFrontend({
      pageFolder: PAGE_FOLDER,
      publicUrl: config.server.publicUrl ?? undefined,
      limits: {
        headerBytes: config.http.headerBytes,
        headersMs: config.http.headerTimeoutSeconds * 1_000,
        bodyBytes: config.http.bodyBytes,
        bodyMs: config.http.requestTimeoutSeconds * 1_000,
      },
      isHealthy: () => !core.stopping && core.options.store.healthy,
      rsaPublicKey: () => options.key?.publicKey ?? null,
      waysIn: () => waysIn(opened, config.server.publicUrl),
      admitRequest: (address) => native.takeAddress(plainAddress(address), core.options.now()) === 0,
      onUpgrade(request, socket, head) {
        if (core.stopping) return void socket.destroy();
        const address = plainAddress(request.socket.remoteAddress ?? '');
        journal({ kind: 'connected', frontend: 'websocket', address });
        webSockets.upgrade(request, socket, head, address);
      },
      onError: (error) =>
        journal({ kind: 'trouble', where: 'http', message: 'A request could not be answered.', error }),
    });
    pages.push(page);
    await page.ready();
    admit(page.server, 'http', () => undefined);
    return page.server;
  };

  const openTcp = (scheme: Exclude<Listener['scheme'], 'http'>, serve: Serve): Server => {
    const server = createServer({ allowHalfOpen: true });
    servers.push(server);
    admit(server, scheme, serve);
    return server;
  };

  const openClassic = async (
    listener: Listener,
    scheme: 'rsa-line' | 'login-byte',
    frontend: { serve: (socket: Socket, address: string, room: string) => void } | null,
  ): Promise<Server> => {
    const room = await roomOf(core, listener);
    return openTcp(scheme, (socket, address) => frontend?.serve(socket, address, room));
  };

  const serverOf = (listener: Listener): Server | Promise<Server> => {
    switch (listener.scheme) {
      case 'http':
        return openPage();
      case 'tcp':
        return openTcp('tcp', (socket, address) => serveTcp(native, socket, address));
      case 'rsa-line':
        return openClassic(listener, 'rsa-line', rsaLine);
      case 'login-byte':
        return openClassic(listener, 'login-byte', loginByte);
      default:
        return listener.scheme satisfies never;
    }
  };

  return {
    async open(listener) {
      const server = await serverOf(listener);
      const place = await listen(server, listener.host, listener.port).catch((error: unknown) => {
        throw explainListen(listener, error);
      });
      const open = { ...listener, port: place.port };
      const ready = { ...open, host: place.host, url: formatListener(open) };
      opened.push(ready);
      return ready;
    },
    stopListening() {
      for (const server of servers) server.close();
    },
    async close(ms) {
      webSockets.close();
      for (const { server } of pages) server.closeIdleConnections();
      await ended(sockets, ms, options.setTimer);
      await Promise.all(pages.map((page) => page.close()));
      for (const socket of sockets) socket.destroy();
      await rsaLine?.close();
    },
  };
}

/** The room of a listener's path, made if it is not there. */
async function roomOf(core: Core, { scheme, room }: Listener): Promise<string> {
  try {
    return (await ensureRoom(core, room ?? LOBBY)).name;
  } catch (error) {
    throw new UserError(
      `The room of the ${scheme} listener cannot be opened: ${(error as Error).message} Give it another path.`,
    );
  }
}

/** Settles when the sockets have closed, or the time is over. */
function ended(
  sockets: ReadonlySet<Socket>,
  ms: number,
  setTimer: FrontendsOptions['setTimer'],
): Promise<void> {
  return new Promise((resolve) => {
    const cancel = setTimer(resolve, ms);
    const check = (): void => {
      if (sockets.size > 0) return;
      cancel();
      resolve();
    };
    for (const socket of sockets) socket.once('close', () => setImmediate(check));
    check();
  });
}

function explainListen({ scheme, host, port }: Listener, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  const other = `choose another with --listen ${scheme}://${host.includes(':') ? `[${host}]` : host}:PORT`;
  if (code === 'EADDRINUSE')
    return new UserError(
      `Port ${port} for ${scheme} is taken by another program: end that program, or ${other}.`,
    );
  if (code === 'EACCES')
    return new UserError(`This user may not listen on port ${port} for ${scheme}: ${other}, above 1023.`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new UserError(`${host} is no address of this machine: listen on [::] or on one that is.`);
  return error;
}

function nativeOptions({
  core,
  config,
  rateLimits,
  timesOf,
  turn,
  setTimer,
  journal,
}: FrontendsOptions): NativeOptions {
  const buckets = createKeyedBuckets(config.rates.requestsPerAddress);
  return {
    core,
    hello: createHello(config, core.options.store.log, toldLimits(config)),
    limits: config.limits,
    rates: { requestsPerConnection: rateLimits ? config.rates.requestsPerConnection : UNLIMITED },
    takeAddress(plain, now) {
      const times = timesOf(plain);
      return times === Infinity ? 0 : buckets.take(addressKey(plain), now, times);
    },
    elapsed: () => performance.now(),
    setTimer,
    endOfTurn: turn.write,
    ...createConnectionReports(journal, core.options.now),
    failed: (error) =>
      journal({
        kind: 'trouble',
        where: 'native',
        message: 'A request failed by a mistake of the server.',
        error,
      }),
  };
}
