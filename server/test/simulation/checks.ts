/** What must be true of a log, and of answers that tell about one. */
import assert from 'node:assert/strict';
import type { MemoryDisk } from '../../src/store/memory-model.ts';
import type { Entry } from '../../src/store/port.ts';
import { logOf, type SeenEntry } from './log-view.ts';
import type { Person } from './person.ts';
import type { Spoken } from './session.ts';

/** Who is in the room after each entry up to `seq`. */
function membersAt(log: readonly Entry[], seq: number): Set<string> {
  const members = new Set<string>();
  for (const entry of log.slice(0, seq)) {
    if (entry.kind === 'enter') members.add(entry.from.id);
    else if (entry.kind === 'leave') members.delete(entry.from.id);
    else if (entry.kind === 'moderation') members.delete(entry.target.id);
  }
  return members;
}

/** Follows a room's log as it grows: seq dense, times never falling, people coming and going by turns, each key of a person once. */
export function createLogCheck(
  room: string,
  onEntry: (entry: Entry) => void,
): (log: readonly Entry[]) => void {
  const inside = new Set<string>();
  const keys = new Set<string>();
  let time = 0;
  let length = 0;

  function check(entry: Entry): void {
    const what = `${room}/${entry.seq} (${entry.kind} of ${entry.from.nick})`;
    assert.equal(entry.seq, length, `${what}: seq is not dense`);
    assert.ok(entry.time >= time, `${what}: time falls`);
    time = entry.time;
    if (entry.kind === 'enter') {
      assert.ok(!inside.has(entry.from.id), `${what}: entered twice`);
      inside.add(entry.from.id);
    } else if (entry.kind === 'leave') {
      assert.ok(inside.delete(entry.from.id), `${what}: left without being there`);
    } else if (entry.kind === 'moderation') {
      assert.ok(inside.delete(entry.target.id), `${what}: put out without being there`);
    } else {
      assert.ok(inside.has(entry.from.id), `${what}: wrote without being there`);
    }
    if (entry.kind !== 'message' || entry.key === null) return;
    const key = `${entry.from.id} ${entry.key}`;
    assert.ok(!keys.has(key), `${what}: the key ${entry.key} is in the log twice`);
    keys.add(key);
  }

  return (log) => {
    assert.ok(log.length >= length, `${room}: the log has become shorter`);
    for (const entry of log.slice(length)) {
      onEntry(entry);
      length += 1;
      check(entry);
    }
  };
}

/** Everything that was acknowledged is in the log, where the acknowledgement said. */
export function checkAcknowledged(person: Person, disk: MemoryDisk): void {
  for (const { room, key, text, acknowledged } of person.wishes) {
    if (acknowledged === null) continue;
    const entry = logOf(disk, room)[acknowledged.seq - 1];
    const what = `${key} of ${person.name}, acknowledged as ${room}/${acknowledged.seq},`;
    assert.ok(
      entry?.kind === 'message' && entry.key === key && entry.from.id === person.id,
      `${what} is not there`,
    );
    assert.ok(entry.text === null || entry.text === text, `${what} has another text`);
    assert.equal(new Date(entry.time).toISOString(), acknowledged.time, `${what} has another time`);
  }
}

/** The answer to a `join` without fault: it starts where it should, and tells who is there. */
export function checkJoined(
  answer: Spoken,
  since: number | null,
  disk: MemoryDisk,
  replayEntries: number,
): void {
  const { room, from, members } = answer as unknown as {
    room: { name: string; lastSeq: number };
    from: number;
    members: { id: string }[];
  };
  const what = `join of ${room.name} since ${since}`;
  assert.equal(answer.reset, undefined, `${what}: the log is the same, and yet reset`);
  if (since === null || since > room.lastSeq)
    assert.equal(from, room.lastSeq + 1, `${what}: starts elsewhere than now`);
  else if (answer.truncated === true) {
    assert.ok(room.lastSeq - since > replayEntries, `${what}: truncated, and would have fitted`);
    assert.equal(from, room.lastSeq + 1 - replayEntries, `${what}: truncated by more than the limit`);
  } else assert.equal(from, since + 1, `${what}: starts elsewhere and says nothing`);
  const log = logOf(disk, room.name);
  assert.ok(room.lastSeq <= log.length, `${what}: lastSeq is not in the log`);
  const told = new Set(members.map(({ id }) => id));
  for (let seq = room.lastSeq; seq <= log.length; seq++)
    if (told.symmetricDifference(membersAt(log, seq)).size === 0) return;
  assert.fail(`${what}: the members are not those of the log`);
}

/** A page of history is the log, folded up to `asOf`. */
export function checkHistory(answer: Spoken, room: string, disk: MemoryDisk): void {
  const { entries, asOf } = answer as unknown as {
    entries: readonly (SeenEntry & { edited?: string })[];
    asOf: number;
  };
  const log = logOf(disk, room);
  assert.ok(asOf <= log.length, `history of ${room}: asOf ${asOf} is not in the log`);
  let before = 0;
  for (const row of entries) {
    const what = `history of ${room}/${row.seq} as of ${asOf}`;
    assert.ok(row.seq > before && row.seq <= asOf, `${what}: out of order`);
    before = row.seq;
    const entry = log[row.seq - 1];
    assert.ok(entry !== undefined && entry.kind === row.type, `${what}: not as the log has it`);
    assert.deepEqual(
      [row.time, row.from],
      [new Date(entry.time).toISOString(), entry.from],
      `${what}: not as the log has it`,
    );
    if (entry.kind !== 'message') continue;
    const edits = log.slice(0, asOf).filter((each) => each.kind === 'edit' && each.of === row.seq);
    const newest = edits.at(-1);
    if (row.text === undefined)
      assert.ok(row.deleted === true && entry.text === null, `${what}: comes without its text`);
    else if (entry.text !== null)
      assert.equal(
        row.text,
        newest?.kind === 'edit' ? newest.text : entry.text,
        `${what}: not its newest text`,
      );
    if (row.text !== undefined)
      assert.equal(
        row.edited,
        newest === undefined ? undefined : new Date(newest.time).toISOString(),
        `${what}: edited`,
      );
  }
}
