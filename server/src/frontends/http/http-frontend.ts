/**
 * The front end for browsers and for HTTP programs: the page, health, the
 * RSA public key, and the door to `/ws`. It owns the HTTP server and checks
 * every request and upgrade before anything else sees it; listening on an
 * address is its caller's. It knows nothing about rooms, nor about what is
 * spoken on an upgraded connection.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import fastifyStatic from '@fastify/static';
import { answerSocket, answerText } from './answers.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { createRequestCheck } from './request-check.ts';

/** What one HTTP connection or request may cost. Times are in milliseconds. */
export type HttpLimits = {
  /** Bytes of a request's line and headers. */
  headerBytes: number;
  /** From the first byte of a request (or from connecting) to the end of its headers. */
  headersMs: number;
  bodyBytes: number;
  /** From the first byte of a request to the end of its body. */
  bodyMs: number;
  /** A connection on which nothing moves for this long is closed, so that a stalled reader holds none. */
  idleMs: number;
};

/** As in SECURITY.md, "Defaults". */
export const HTTP_LIMITS: HttpLimits = {
  headerBytes: 8_192,
  headersMs: 10_000,
  bodyBytes: 65_536,
  bodyMs: 30_000,
  idleMs: 60_000,
};

/** What `/join.json` tells, so that the page can say how others come in. */
export type WaysIn = {
  /** Addresses of the page that others can open, such as `http://192.168.1.7:8080/`. */
  pages: readonly string[];
  /** The other listeners, by the scheme of their address. */
  listeners: readonly { scheme: string; port: number }[];
};

export type HttpFrontendOptions = {
  /** The folder of the built page. If it is not there, `/` says how to build it. */
  pageFolder: string;
  /** The address under which people reach the server from outside, if there is one, such as `https://chat.example.org`. */
  publicUrl?: string | undefined;
  limits?: Partial<HttpLimits>;
  /** False while the server is stopping or its store is away: `/healthz` then answers 503. */
  isHealthy: () => boolean;
  /** The public key of `rsa-line` in PEM, or null where there is none. */
  rsaPublicKey: () => string | null;
  /** Where else people can come in. */
  waysIn: () => WaysIn;
  /** Gets the upgrades of `/ws` that have passed the checks of Host and Origin. The socket has no listeners and no time-out. */
  onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Says whether an address may make another request now; without it, every request is admitted. */
  admitRequest?: (address: string) => boolean;
  /** Told of every mistake of the front end's own: what was answered with 500. */
  onError?: (error: Error) => void;
};

export type HttpFrontend = {
  /** Not listening yet. Connections are counted and bounded by who listens. */
  server: Server;
  /** Settles once every route is there; requests that come earlier wait. */
  ready: () => Promise<void>;
  /** Stops listening and ends the HTTP connections. Upgraded ones belong to who got them. */
  close: () => Promise<void>;
};

/** Requests on one connection; then it is closed and, opened again, counted as a new one. */
const REQUESTS_PER_SOCKET = 1_000;
/** How often Node looks for requests that have taken too long. */
const DEADLINE_CHECK_MS = 500;

/** No route has a schema: without these, fastify loads compilers of 5 MB to check and write none. */
const NO_SCHEMAS = {
  // The types ask for the very compilers that are left out here.
  buildValidator: (() => () => () => true) as never,
  buildSerializer: (() => () => JSON.stringify) as never,
};

/** Puts the HTTP server together; it answers once its caller has made it listen. */
export function createHttpFrontend(options: HttpFrontendOptions): HttpFrontend {
  const limits: HttpLimits = { ...HTTP_LIMITS, ...options.limits };
  const check = createRequestCheck({ publicUrl: options.publicUrl, admitRequest: options.admitRequest });

  const app = fastify({
    logger: false,
    schemaController: { compilersFactory: NO_SCHEMAS },
    bodyLimit: limits.bodyBytes,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    serverFactory: (handler) =>
      createServer(nodeOptions(limits), (request, response) => {
        setSecurityHeaders(response, request, options.publicUrl);
        const refusal = check(request);
        if (refusal) answerText(response, refusal);
        else handler(request, response);
      }),
  });
  const server: Server = app.server;
  server.timeout = limits.idleMs;
  server.maxRequestsPerSocket = REQUESTS_PER_SOCKET;
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal =
      check(request) ??
      (pathOf(request) === '/ws'
        ? null
        : { status: 404, text: 'There is no WebSocket at this address; it is /ws.' });
    if (refusal) answerSocket(socket, refusal);
    else options.onUpgrade(request, socket, head);
  });

  addRoutes(app, options);
  addPage(app, options.pageFolder);
  addLastAnswers(app, options);

  return {
    server,
    ready: async () => {
      await app.ready();
    },
    close: async () => {
      if (server.listening) server.close();
      server.closeAllConnections();
      await app.close();
    },
  };
}

function nodeOptions(limits: HttpLimits) {
  return {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.bodyMs,
    connectionsCheckingInterval: DEADLINE_CHECK_MS,
    // An `Upgrade: h2c`, as curl offers, is to be ignored and answered as plain HTTP.
    shouldUpgradeCallback: (request: IncomingMessage) =>
      request.headers.upgrade?.toLowerCase() === 'websocket',
  };
}

const pathOf = (request: IncomingMessage) => (request.url ?? '').split('?', 1)[0];

function addRoutes(app: FastifyInstance, { isHealthy, rsaPublicKey, waysIn }: HttpFrontendOptions): void {
  app.get('/healthz', (_request, reply) =>
    isHealthy()
      ? sendText(reply, 200, 'ok')
      : sendText(reply, 503, 'The server is stopping, or its store is away.'),
  );

  app.get('/join.json', (_request, reply) => reply.header('cache-control', 'no-cache').send(waysIn()));

  app.get('/rsa-public-key.pem', (_request, reply) => {
    const pem = rsaPublicKey();
    if (pem === null)
      return sendText(reply, 404, 'This server has no rsa-line listener, and so no such key.');
    return reply.header('cache-control', 'no-cache').type('application/x-pem-file').send(pem);
  });

  app.get('/ws', (_request, reply) => {
    reply.header('upgrade', 'websocket').header('connection', 'Upgrade, close');
    return sendText(reply, 426, 'This address speaks WebSocket: one JSON object per text frame.');
  });
}

/** Hashed files never change; everything else is asked for anew each time. */
function addPage(app: FastifyInstance, folder: string): void {
  if (!existsSync(join(folder, 'index.html'))) {
    app.get('/', (_request, reply) =>
      sendText(
        reply,
        503,
        'The page has not been built. Run "npm run build --workspace web" and start the server again.',
      ),
    );
    return;
  }
  app.register(fastifyStatic, {
    root: folder,
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const hashed = path.startsWith(join(folder, 'assets'));
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}

function addLastAnswers(app: FastifyInstance, { onError }: HttpFrontendOptions): void {
  app.setNotFoundHandler((request, reply) => {
    if (request.method === 'GET' || request.method === 'HEAD')
      return sendText(reply, 404, 'There is nothing at this address.');
    return sendText(
      reply.header('allow', 'GET, HEAD'),
      405,
      'This address can only be read, with GET or HEAD.',
    );
  });
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return sendText(reply, status, error.message);
    onError?.(error);
    return sendText(reply, 500, 'The server made a mistake.');
  });
}

function sendText(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('text/plain; charset=utf-8')
    .send(`${text}\n`);
}
