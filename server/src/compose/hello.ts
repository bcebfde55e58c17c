import { PROTOCOL_VERSION } from '@teahouse/protocol';
import type { Config } from '../config/config.ts';

/** The version of the server, told in `hello`. */
export const SERVER_VERSION = '0.1.0';

/** The first line of every native connection: who is here, which log it keeps, and which limits hold. */
export function createHello(config: Config, log: string, limits: Record<string, number>): string {
  return JSON.stringify({
    type: 'hello',
    server: `${config.server.name} ${SERVER_VERSION}`,
    protocol: PROTOCOL_VERSION,
    log,
    login: ['guest', 'session'],
    limits,
  });
}
