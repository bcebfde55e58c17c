import type { EntryKind } from '@teahouse/protocol';
import type { FoldedEntry } from '../../store/port.ts';
import type { Connection } from '../connection.ts';
import { asking, isFailure, personOf, type Core } from '../core.ts';
import { rateLimited, type Result } from '../result.ts';
import type { Room } from '../room.ts';
import { SHOWN_KINDS } from './history.ts';
import { visibleRoom } from './rooms.ts';

/** Rows and bytes of text of one page: what a reader that has stopped reading makes the server hold. */
const PAGE = { limit: 200, bytes: 32_768 };

/** A reading of a room's past from old to new, up to what the connection had been shown when it began. */
export interface PastReader {
  /** The next page; empty at the end. Rights are looked at anew for each. */
  next(): Promise<Result<{ readonly entries: readonly FoldedEntry[] }>>;
}

export interface PastRequest {
  readonly room: string;
  /** Only so many of the newest rows; all of them by default. */
  readonly last?: number;
  /** By default everything that is shown as a row. */
  readonly kinds?: readonly EntryKind[];
}

/**
 * Begins to read a room's past for a front end that writes it out itself, as
 * fast as its client reads: a cursor, never more than a page in memory. Takes
 * one token of the history rate for the whole of it.
 */
export async function readPast(
  core: Core,
  connection: Connection,
  request: PastRequest,
): Promise<Result<{ reader: PastReader }>> {
  const person = personOf(core, connection);
  if (isFailure(person)) return person;
  const room = visibleRoom(core, request.room);
  if (isFailure(room)) return room;
  const wait = person.rates.history.take(core.options.now());
  if (wait > 0) return rateLimited(wait);
  const kinds = request.kinds ?? SHOWN_KINDS;
  const until = room.feed.shown;
  const start = await asking(core, 'reading the past', async () => ({
    after: await findStart(core, room, until, request.last ?? Infinity, kinds),
  }));
  return isFailure(start)
    ? start
    : { ok: true, reader: createReader(core, connection, room.name, start.after, until, kinds) };
}

/** The seq after which the newest `last` rows up to `until` lie. */
async function findStart(
  core: Core,
  room: Room,
  until: number,
  last: number,
  kinds: readonly EntryKind[],
): Promise<number> {
  if (last >= until) return 0;
  let before = until + 1;
  for (let missing = last; missing > 0;) {
    const page = await core.options.store.history(room.id, {
      position: { before },
      limit: Math.min(missing, core.options.limits.historyRows),
      bytes: core.options.limits.pageBytes,
      kinds,
    });
    missing -= page.entries.length;
    before = page.entries[0]?.seq ?? 1;
    if (!page.more) break;
  }
  return before - 1;
}

function createReader(
  core: Core,
  connection: Connection,
  roomName: string,
  start: number,
  until: number,
  kinds: readonly EntryKind[],
): PastReader {
  let after = start;
  return {
    async next() {
      const person = personOf(core, connection);
      if (isFailure(person)) return person;
      const room = visibleRoom(core, roomName);
      if (isFailure(room)) return room;
      if (after >= until) return { ok: true, entries: [] };
      const query = { position: { after }, ...PAGE, kinds };
      const page = await asking(core, 'reading the past', () => core.options.store.history(room.id, query));
      if (isFailure(page)) return page;
      const entries = page.entries.filter((entry) => entry.seq <= until);
      after = page.more ? (entries.at(-1)?.seq ?? until) : until;
      return { ok: true, entries };
    },
  };
}
