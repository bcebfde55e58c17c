import type { WireEntry } from '@teahouse/protocol';
import type { Ask } from './connection.ts';
import { TeahouseError } from './errors.ts';
import type { Emit } from './events.ts';
import { applyEntry, putsOut } from './room-view.ts';
import type { Room, World } from './types.ts';
import { failure, isPosition, readEntry, readPersons, type Message } from './wire.ts';
import { backOff } from './world.ts';

/** What the outbox must know of a room's progress. */
export interface Progress {
  /** About to be shown. */
  met(entry: WireEntry): void;
  /** Everything up to this seq has come by or is known to be missed. */
  passed(room: string, seq: number): void;
  /** The room is followed, and perhaps all that was said while away has come by. */
  ready(room: string): void;
  /** One is not in this room any more, or was not let in. */
  out(room: string, why: TeahouseError): void;
}

/** Who one is, and which log the server has, while online. */
export interface Presence {
  readonly id: string;
  readonly log: string;
}

/** Where to begin, if not with what comes next. */
export interface Start {
  readonly since?: number;
  readonly log?: string;
}

export interface RoomNeeds {
  readonly world: World;
  readonly ask: Ask;
  readonly emit: Emit;
  readonly progress: Progress;
  presence(): Presence | undefined;
}

const PASSING = new Set(['rate_limited', 'store_unavailable', 'internal', 'timeout']);

/** One room that is followed: joins, joins again with `since`, and lets each entry through once and in order. */
export function followRoom(name: string, start: Start, needs: RoomNeeds) {
  const { world, emit, progress } = needs;
  let last = start.since;
  let log = start.log;
  let view: Room = {
    name,
    is: 'joining',
    topic: '',
    people: 0,
    members: [],
    from: (last ?? 0) + 1,
    lastSeq: last ?? 0,
  };
  /** The room's last seq when it was last joined: what is beyond is live. */
  let snapshot = 0;
  /** The join that is under way or due; an older one's answer is not listened to. */
  let turn: object | undefined;
  let tries = 0;
  let cancelRetry = () => {};
  const waiters: { resolve(room: Room): void; reject(error: TeahouseError): void }[] = [];

  function setView(change: Partial<Room>): void {
    view = { ...view, ...change };
    emit('room', view);
  }

  function join(): void {
    const presence = needs.presence();
    if (!presence || view.is === 'out') return;
    const mine = (turn = {});
    const since = last === undefined ? {} : { since: last };
    const known = log === undefined ? {} : { log };
    needs.ask(
      { type: 'join', room: name, ...since, ...known },
      (answer) => {
        if (turn === mine) accept(answer, presence.log);
      },
      (error) => {
        if (turn === mine) refused(error);
      },
    );
  }

  /** Joins again after a while, which grows until something comes through. */
  function joinLater(): void {
    const mine = (turn = {});
    cancelRetry();
    cancelRetry = world.after(backOff(world, tries++), () => {
      if (turn === mine) join();
    });
  }

  function accept(answer: Message, current: string): void {
    const { topic, people, lastSeq } = (answer['room'] ?? {}) as Message;
    const { from } = answer;
    if (!isPosition(from) || from < 1 || !isPosition(lastSeq)) return refused(failure('not_teahouse'));
    turn = undefined;
    log = current;
    snapshot = lastSeq;
    const anew = last === undefined || answer['reset'] === true;
    const expected = (last ?? from - 1) + 1;
    last = anew ? from - 1 : Math.max(from - 1, expected - 1);
    setView({
      is: 'in',
      topic: typeof topic === 'string' ? topic : '',
      people: isPosition(people) ? people : 0,
      members: readPersons(answer['members']),
      lastSeq: last,
      ...(anew ? { from } : {}),
    });
    if (answer['reset'] === true) emit('reset', { room: name, from });
    else if (from > expected) emit('truncated', { room: name, from: expected, to: from - 1 });
    progress.passed(name, last);
    for (const waiter of waiters.splice(0)) waiter.resolve(view);
    progress.ready(name);
  }

  function refused(error: TeahouseError): void {
    if (PASSING.has(error.code)) joinLater();
    else if (error.code !== 'disconnected') leave(error);
  }

  /** Follows it no more: by one's own will, or for a reason. */
  function leave(why?: TeahouseError): void {
    offline();
    setView({ is: 'out', ...(why ? { why } : {}) });
    const error = why ?? new TeahouseError('not_in_room', 'You are not in this room any more.');
    for (const waiter of waiters.splice(0)) waiter.reject(error);
    progress.out(name, error);
  }

  /** Something with a place in the log, of a known kind or not. */
  function take(seq: number, message: Message): void {
    if (view.is !== 'in' || last === undefined || seq <= last) return;
    if (seq > last + 1) return gap();
    last = seq;
    tries = 0;
    const replayed = seq <= snapshot;
    const entry = readEntry(message);
    view = { ...view, lastSeq: seq };
    if (entry) {
      if (!replayed) look(entry);
      progress.met(entry);
      emit('entry', { entry, replayed });
    }
    progress.passed(name, seq);
    if (seq === snapshot) progress.ready(name);
  }

  /** Entries are missing that nobody told of. */
  function gap(): void {
    if (turn) return;
    if (tries === 0) join();
    else joinLater();
    tries += 1;
  }

  /** Keeps topic, members and one's own presence up with a live entry. */
  function look(entry: WireEntry): void {
    const next = applyEntry(view, entry);
    if (next !== view) setView(next);
    const out = putsOut(entry, needs.presence()?.id ?? '');
    if (out)
      leave(out === 'kicked' ? new TeahouseError('kicked', 'You were put out of this room.') : undefined);
  }

  function offline(): void {
    cancelRetry();
    turn = undefined;
    if (view.is === 'in') setView({ is: 'joining' });
  }

  return {
    get view() {
      return view;
    },
    /** Whether messages can be sent: all that was said while away has come by. */
    get ready() {
      return view.is === 'in' && (last ?? 0) >= snapshot;
    },
    join,
    leave,
    take,
    offline,
    /** How many people there are, where entering and leaving are no entries. */
    count: (people: number) => setView({ people }),
    joined: () =>
      new Promise<Room>((resolve, reject) => {
        if (view.is === 'in') resolve(view);
        else waiters.push({ resolve, reject });
      }),
  };
}

export type FollowedRoom = ReturnType<typeof followRoom>;
