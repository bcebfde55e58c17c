/** What one device has seen of one room, held against the log as each entry arrives. */
import assert from 'node:assert/strict';
import type { MemoryDisk } from '../../src/store/memory-model.ts';
import type { Entry } from '../../src/store/port.ts';

/** An entry as it came over the wire. */
export interface SeenEntry {
  readonly type: string;
  readonly room: string;
  readonly seq: number;
  readonly time: string;
  readonly from: { readonly id: string; readonly nick: string };
  readonly text?: string;
  readonly key?: string;
  readonly of?: number;
  readonly nick?: string;
  readonly topic?: string;
  readonly deleted?: true;
  readonly target?: { readonly id: string; readonly nick: string };
}

export interface LogView {
  /** Whether entries may come: from the answer to `join` until the connection or the membership ends. */
  live: boolean;
  /** The seq that must come next. */
  expected: number;
  /** The last entry that came; what a rejoin names as `since`. 0 before any. */
  last: number;
  /** The seq of one's own `leave` that came live, with no own `enter` after it; 0 while there is none. */
  left: number;
  /** How far the replay reached when it was joined. */
  replayedTo: number;
  /** Erasures that were seen before the last `join` was asked for: no entry that comes now may undo them. */
  erased: Set<number>;
  readonly erasures: Set<number>;
}

export function createLogView(): LogView {
  return {
    live: false,
    expected: 0,
    last: 0,
    left: 0,
    replayedTo: 0,
    erased: new Set(),
    erasures: new Set(),
  };
}

export function logOf(disk: MemoryDisk, room: string): readonly Entry[] {
  return [...disk.rooms.values()].find((each) => each.room.name === room)?.entries ?? [];
}

/** The entry as the wire should have it; without text where it is erased. */
function expectedFields(entry: Entry, erased: boolean): Record<string, unknown> {
  const { kind, seq, time, from, ...rest } = entry;
  const fields: Record<string, unknown> = {
    type: kind,
    seq,
    time: new Date(time).toISOString(),
    from,
    ...rest,
  };
  if (erased) {
    delete fields.text;
    fields.deleted = true;
  }
  for (const [name, value] of Object.entries(fields)) if (value === null) delete fields[name];
  return fields;
}

/** Takes an entry in; throws where a promise is broken. */
export function takeEntry(view: LogView, seen: SeenEntry, disk: MemoryDisk): void {
  const { room, ...fields } = seen;
  const what = `${seen.type} ${room}/${seen.seq}`;
  assert.ok(view.live, `${what} came from a room that is not followed`);
  assert.equal(seen.seq, view.expected, `${what} came, ${view.expected} is next: a gap or a repeat`);
  view.expected += 1;
  view.last = seen.seq;
  const entry = logOf(disk, room)[seen.seq - 1];
  assert.ok(entry !== undefined, `${what} was shown and is not in the log`);
  const isErased = (entry.kind === 'message' || entry.kind === 'edit') && entry.text === null;
  assert.deepEqual(
    withoutText(fields),
    withoutText(expectedFields(entry, false)),
    `${what} is not as the log has it`,
  );
  if (seen.text === undefined) {
    assert.equal(seen.deleted ?? false, isErased, `${what} came without its text`);
  } else if ('text' in entry && entry.text !== null) {
    assert.equal(seen.text, entry.text, `${what} is not as the log has it`);
  }
  // Erased while it was under way it may come whole; erased before it was asked for it may not.
  const target = seen.type === 'edit' ? seen.of : seen.seq;
  if (target !== undefined && view.erased.has(target))
    assert.ok(seen.text === undefined, `${what} came back after it was erased`);
  if (seen.type === 'delete' && seen.of !== undefined) view.erasures.add(seen.of);
}

function withoutText(fields: object): object {
  const { text: _text, deleted: _deleted, ...rest } = fields as Record<string, unknown>;
  return rest;
}
