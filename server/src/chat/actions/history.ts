import { ENTRY_KINDS, type EntryKind } from '@teahouse/protocol';
import type { HistoryPage, HistoryPosition } from '../../store/port.ts';
import type { Connection } from '../connection.ts';
import { asking, isFailure, personOf, type Core } from '../core.ts';
import { fail, rateLimited, type Failure, type Result } from '../result.ts';
import type { Room } from '../room.ts';
import { visibleRoom } from './rooms.ts';

/** Rows of a page where the client does not say. */
const USUAL_ROWS = 50;
/** What history shows where the client does not say: what changed a message is folded into it. */
export const SHOWN_KINDS = ENTRY_KINDS.filter((kind) => kind !== 'edit' && kind !== 'delete');

export interface HistoryRequest {
  readonly room: string;
  readonly before?: number;
  readonly after?: number;
  readonly around?: number;
  /** RFC 3339. */
  readonly at?: string;
  readonly limit?: number;
  readonly kinds?: readonly EntryKind[];
}

function positionOf(request: HistoryRequest): HistoryPosition | Failure {
  const { before, after, around, at } = request;
  const given = [before, after, around, at].filter((position) => position !== undefined);
  if (given.length > 1) return fail('bad_request', 'Give one of before, after, around and at, not several.');
  if (before !== undefined) return { before };
  if (after !== undefined) return { after };
  if (around !== undefined) return { around };
  if (at === undefined) return { at: 'end' };
  const time = Date.parse(at);
  return Number.isNaN(time)
    ? fail('bad_request', 'at is not a time, such as 2026-11-23T20:15:00Z.')
    : { time };
}

/** A page of a room's past, folded. A public room's past can be read without joining. */
export async function readHistory(
  core: Core,
  connection: Connection,
  request: HistoryRequest,
): Promise<Result<{ room: Room; page: HistoryPage }>> {
  const person = personOf(core, connection);
  if (isFailure(person)) return person;
  const room = visibleRoom(core, request.room);
  if (isFailure(room)) return room;
  const position = positionOf(request);
  if (isFailure(position)) return position;
  const wait = person.rates.history.take(core.options.now());
  if (wait > 0) return rateLimited(wait);
  const query = {
    position,
    limit: Math.min(request.limit ?? USUAL_ROWS, core.options.limits.historyRows),
    bytes: core.options.limits.pageBytes,
    kinds: request.kinds ?? SHOWN_KINDS,
  };
  const page = await asking(core, 'reading history', () => core.options.store.history(room.id, query));
  return isFailure(page) ? page : { ok: true, room, page };
}
