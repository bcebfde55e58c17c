/**
 * The protocol's part of a simulated device: it connects, logs in, and holds
 * every entry against the log as it comes. What is asked, `requests.ts` knows.
 */
import assert from 'node:assert/strict';
import type { MemoryDisk } from '../../src/store/memory-model.ts';
import { createLogView, takeEntry, type LogView, type SeenEntry } from './log-view.ts';
import type { Person } from './person.ts';
import type { Pipe, PipeEvents } from './pipe.ts';
import { openSession, type ClientSession, type Spoken } from './session.ts';
import type { World } from './world.ts';

export interface Surroundings {
  readonly world: World;
  /** Null while there is no server. */
  connect(events: PipeEvents): Pipe | null;
  disk(): MemoryDisk;
}

export interface Client {
  readonly name: string;
  readonly person: Person;
  readonly world: World;
  readonly views: ReadonlyMap<string, LogView>;
  /** Keys that were first sent on this connection and have no answer yet. */
  readonly awaited: Set<string>;
  readonly state: 'away' | 'coming' | 'in';
  readonly stalled: boolean;
  /** Requests that have no answer yet. */
  readonly unanswered: number;
  disk(): MemoryDisk;
  viewOf(room: string): LogView;
  /** Follows the room, and has not seen oneself leave it. */
  isIn(room: string): boolean;
  tell(event: string): void;
  connect(): void;
  /** Asks; `codes` are the refusals that are no surprise. */
  ask(
    request: { readonly type: string; readonly [field: string]: unknown },
    codes: readonly string[],
    onOk: (answer: Spoken) => void,
    onRefused?: (code: string) => void,
  ): void;
  cut(): void;
  /** Sends no more and waits for the end. */
  endInput(): void;
  setStalled(stalled: boolean): void;
}

const ENTRY_TYPES = new Set(['message', 'edit', 'delete', 'topic', 'nick', 'enter', 'leave', 'moderation']);
const EVENT_TYPES = new Set(['typing', 'presence', 'read', 'notice']);
/** Refusals that may come at any time and say nothing about the client; a kick ends a login before the connection. */
const PASSING = ['store_unavailable', 'server_stopping', 'login_required'];
/** The end of a connection that never was one. */
const NOWHERE: Pipe = { write() {}, endInput() {}, cut() {}, setStalled() {}, closed: true };

export function createClient(name: string, person: Person, around: Surroundings): Client {
  const { world, disk } = around;
  const views = new Map<string, LogView>();
  const awaited = new Set<string>();
  let session: ClientSession | null = null;
  let state: Client['state'] = 'away';
  let stalled = false;

  const tell = (event: string): void => world.tell(`${name}: ${event}`);

  function viewOf(room: string): LogView {
    let view = views.get(room);
    if (view === undefined) views.set(room, (view = createLogView()));
    return view;
  }

  function onClosed(): void {
    tell('the connection is closed');
    session = null;
    state = 'away';
    stalled = false;
    awaited.clear();
    for (const view of views.values()) view.live = false;
  }

  function onEvent(event: Spoken): void {
    if (event.type === 'hello') logIn(client, null, () => (state = 'in'));
    else if (event.type === 'error') tell(`told ${event.code}`);
    else if (ENTRY_TYPES.has(event.type)) onEntry(event as unknown as SeenEntry);
    else assert.ok(EVENT_TYPES.has(event.type), `unknown: ${event.type}`);
  }

  function onEntry(entry: SeenEntry): void {
    const view = viewOf(entry.room);
    takeEntry(view, entry, disk());
    if (entry.from.id !== person.id) return;
    const isRetried = person.wishes.some((wish) => wish.key === entry.key && wish.tries > 1);
    assert.ok(!awaited.has(entry.key ?? '') || isRetried, `${name}: ${entry.key} came before its ok`);
    // In a replay it tells of a leave long past. Whoever joins again at once follows before the leave has come.
    if (entry.type === 'leave' && entry.seq > view.replayedTo) view.left = entry.seq;
    if (entry.type === 'enter') view.left = 0;
  }

  const client: Client = {
    name,
    person,
    world,
    views,
    awaited,
    get state() {
      return state;
    },
    get stalled() {
      return stalled;
    },
    get unanswered() {
      return session?.unanswered ?? 0;
    },
    disk,
    viewOf,
    isIn: (room) => viewOf(room).live && viewOf(room).left === 0,
    tell,
    connect() {
      const opened = openSession((events) => around.connect(events) ?? NOWHERE, onEvent, onClosed);
      if (opened.pipe.closed) return;
      session = opened;
      state = 'coming';
    },
    ask(request, codes, onOk, onRefused) {
      session?.ask(request, (answer) => {
        if (answer === null) return;
        if (answer.type === 'ok') return onOk(answer);
        const code = answer.code ?? '';
        tell(`${request.type}: ${code}`);
        assert.ok(
          [...codes, ...PASSING].includes(code),
          `${name}: ${JSON.stringify(request)} got ${JSON.stringify(answer)}`,
        );
        onRefused?.(code);
      });
    },
    cut: () => session?.pipe.cut(),
    endInput() {
      state = 'coming';
      session?.pipe.endInput();
    },
    setStalled(now) {
      if (stalled === now) return;
      stalled = now;
      tell(stalled ? 'stops reading' : 'reads on');
      session?.pipe.setStalled(stalled);
    },
  };
  return client;
}

/** With the session if there is one; under another nickname if that is what it takes. */
function logIn(client: Client, nick: string | null, onIn: () => void): void {
  const { person, world, name } = client;
  const { session } = person;
  const by =
    session === null ? { nick: nick ?? person.nick } : { session, ...(nick === null ? {} : { nick }) };
  const hold = world.random.chance(0.6);
  client.tell(`login ${JSON.stringify(by)}${hold ? ' with hold' : ''}`);
  client.ask(
    { type: 'login', ...by, hold },
    ['nick_taken'],
    (answer) => {
      const told = answer.person as { id: string; nick: string };
      if (session !== null) assert.equal(told.id, person.id, `${name}: came back as another`);
      // The other device was quicker, and this login made a second person: come again as the first.
      else if (person.session !== null) return client.cut();
      person.session ??= answer.session as string;
      person.id = told.id;
      person.nick = told.nick;
      onIn();
    },
    (code) => {
      const again = code === 'nick_taken' && world.random.chance(0.7);
      if (again) logIn(client, `${person.name}${world.random.below(1_000)}`, onIn);
      else client.cut();
    },
  );
}
