import type { Connection } from '../chat/index.ts';
import type { JournalPerson, Report } from '../console/journal-event.ts';

/** What front ends tell the operator of their connections. */
export interface ConnectionReports {
  /** Something was refused, by a code of the protocol. */
  refused(connection: Connection, code: string): void;
  /** A connection is about to end. */
  closing(connection: Connection, reason: string): void;
}

const personOf = ({ person }: Connection): { person?: JournalPerson } =>
  person === null ? {} : { person: { id: person.id, nick: person.nick } };

/** `now` is in ms since 1970. */
export function createConnectionReports(journal: Report, now: () => number): ConnectionReports {
  return {
    refused: (connection, code) =>
      journal({
        kind: 'refused',
        frontend: connection.via,
        address: connection.address,
        code,
        ...personOf(connection),
      }),
    closing: (connection, reason) =>
      journal({
        kind: 'disconnected',
        frontend: connection.via,
        address: connection.address,
        ...personOf(connection),
        reason,
        seconds: Math.round((now() - connection.since) / 1_000),
      }),
  };
}
