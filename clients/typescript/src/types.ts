import type { AnswerOf, EntryKind, EventOf, RequestOf, WireEntry } from '@teahouse/protocol';
import type { TeahouseError } from './errors.ts';

export type Person = AnswerOf<'login'>['person'];
export type Hello = EventOf<'hello'>;
export type HistoryPage = AnswerOf<'history'>;
export type RoomRow = AnswerOf<'rooms'>['rooms'][number];
/** Where and when an entry was stored. */
export interface Stored {
  readonly seq: number;
  readonly time: string;
}

// ---------------------------------------------------------------- connecting

/** What a connection tells its owner. `ended` comes exactly once, also when no connection came about; nothing comes after it. */
export interface LinkEvents {
  opened(): unknown;
  /** One whole message of the protocol, as text. */
  line(text: string): void;
  ended(cause?: unknown): void;
}

/** An open or opening connection that carries whole messages. */
export interface Link {
  send(line: string): void;
  close(): void;
}

/** Opens one connection; called anew for each attempt. */
export type Connector = (events: LinkEvents) => Link;

/** Clock, timers and chance, so that tests can hand in their own. */
export interface World {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs once after `ms` milliseconds; the returned function cancels. */
  after(ms: number, run: () => void): () => void;
  /** In [0, 1). */
  random(): number;
  /** A fresh key for a message: unguessable, at most 64 characters. */
  newKey(): string;
}

/** Where the unsent queue survives a reload. It must belong to this client alone. */
export interface QueueStorage {
  load(): string | null | undefined;
  save(queue: string): void;
}

export interface ClientOptions {
  /** `webSocket(url)`, or `tcp(host, port)` from `@teahouse/client/node`. */
  readonly connect: Connector;
  /** The secret from an earlier login. */
  readonly session?: string | undefined;
  /** Rooms to join at the first login. */
  readonly rooms?: readonly string[];
  /** Keep the person in the room for 60 s when the connection is lost. Default true. */
  readonly hold?: boolean;
  readonly storage?: QueueStorage | undefined;
  readonly world?: World;
}

/** Who to log in as. With both, or with a remembered session, `nick` is the new name of the same person. */
export interface Identity {
  readonly nick?: string | undefined;
  readonly session?: string | undefined;
}

// --------------------------------------------------------------------- state

/** What the connection is doing. Times are in milliseconds of `world.now()`. */
export type ConnectionState =
  /** Nothing is wanted: before the first `connect` or `login`, after `close` or `logout`. */
  | { readonly is: 'offline' }
  | { readonly is: 'connecting'; readonly attempt: number }
  /** Connected by `connect()`; a `login` is awaited. */
  | { readonly is: 'greeted'; readonly hello: Hello }
  /** The next attempt comes at `until`; `tryNow()` makes it at once. */
  | { readonly is: 'waiting'; readonly until: number; readonly attempt: number; readonly why: TeahouseError }
  | { readonly is: 'online'; readonly person: Person; readonly hello: Hello }
  /** It will not try again by itself: the login was refused, or the operator ended the connection. `login()` goes on. */
  | { readonly is: 'stopped'; readonly why: TeahouseError };

/** What is known of a room that was joined. A new object for each change. */
export interface Room {
  readonly name: string;
  /** `joining`: asked for, or to be asked for when online again; `in`: followed; `out`: refused, kicked or left. */
  readonly is: 'joining' | 'in' | 'out';
  /** Why one is `out`, if it was not by one's own `leave`. */
  readonly why?: TeahouseError;
  readonly topic: string;
  readonly people: number;
  /** Those in the answer to `join` (at most 100), kept up with entries; `members()` pages through all. */
  readonly members: readonly Person[];
  /** The first seq that comes as an `entry` event; `history({ before: from })` has what was before. */
  readonly from: number;
  /** The last seq that came as an `entry` event or is known to be missed. */
  readonly lastSeq: number;
}

// --------------------------------------------------------------------- outbox

/** How far an unsent message is. */
export type UnsentState =
  /** Waits for its turn, for the connection, or for the next try. */
  | { readonly is: 'queued' }
  | { readonly is: 'sending' }
  /** Behind a failed one of the same room: it waits until that is retried or dropped. */
  | { readonly is: 'held' }
  | { readonly is: 'failed'; readonly why: TeahouseError }
  /** Acknowledged; in the list only until its entry has come by. */
  | { readonly is: 'sent'; readonly seq: number; readonly time: string };

/** A message of one's own that is not yet an entry of the room. A new object for each change. */
export interface Unsent {
  readonly key: string;
  readonly room: string;
  readonly text: string;
  /** When it was written, in milliseconds. */
  readonly written: number;
  readonly state: UnsentState;
}

export interface SendHandle {
  readonly key: string;
  /** Fulfilled when it is stored, whenever that is; rejected with `dropped` or `closed`. A refusal alone does not settle it, as it can be retried. */
  readonly stored: Promise<Stored>;
}

// --------------------------------------------------------------------- events

/** Everything the client tells, by the name given to `on`. */
export interface ClientEvents {
  state: ConnectionState;
  /** The session to remember (`undefined`: forget it, it is void). */
  session: string | undefined;
  /** An entry of a joined room: each once, in order of seq. `replayed`: it was said while one was away. */
  entry: { readonly entry: WireEntry; readonly replayed: boolean };
  /** The room's state changed. */
  room: Room;
  /** Entries `from`…`to` were missed and not replayed; `history` has them. */
  truncated: { readonly room: string; readonly from: number; readonly to: number };
  /** The server's log is another than before: forget what was shown. Entries go on at `from`. */
  reset: { readonly room: string; readonly from: number };
  /** The unsent messages of a room changed. */
  outbox: { readonly room: string; readonly unsent: readonly Unsent[] };
  typing: EventOf<'typing'>;
  presence: EventOf<'presence'>;
  /** One's read marker moved on another of one's own connections. */
  read: EventOf<'read'>;
  notice: EventOf<'notice'>;
  /** An error of the server that answers no request. */
  error: TeahouseError;
}

// --------------------------------------------------------------------- client

type Fields<T extends 'history' | 'rooms' | 'members'> = Omit<RequestOf<T>, 'type' | 'id' | 'room'>;

/** A person's line to a Teahouse server, which mends itself. */
export interface Client {
  readonly state: ConnectionState;
  /** The session, as far as it is known. */
  readonly session: string | undefined;
  /** Names of events and what they carry: `ClientEvents`. Returns the function that ends it. */
  on<K extends keyof ClientEvents>(type: K, listener: (event: ClientEvents[K]) => void): () => void;
  /** Told at every change of `state`, with nothing: made for `useSyncExternalStore`. */
  subscribe(listener: () => void): () => void;

  /** One attempt to connect, without a login. Rejects with `unreachable` or `not_teahouse`; does not try again. */
  connect(): Promise<Hello>;
  /**
   * Logs in, and from then on keeps the line: reconnects, resumes, sends what is unsent.
   * Settles with the first answer of the server, however many attempts that takes.
   * Rejects with `nick_taken`, `bad_nick`, `login_failed` …; call it again with another `nick`.
   */
  login(identity?: Identity): Promise<Person>;
  /** Ends the session on the server and forgets it and all unsent messages. */
  logout(): Promise<void>;
  /** Ends the connection and every timer; nothing is sent after it. Unsent messages stay in the storage. */
  close(): void;
  /** Cuts a wait short. */
  tryNow(): void;
  /** Pings; if no answer comes within 3 s, takes a new connection. True if the old one was alive. */
  checkAlive(): Promise<boolean>;

  /** Follows a room, over all reconnects, until `leave`. `since`: replay what came after that seq. Rejects if the server refuses. */
  join(room: string, options?: { readonly since?: number; readonly log?: string }): Promise<Room>;
  leave(room: string): Promise<void>;
  room(name: string): Room | undefined;

  /** Puts a message at the end of the room's queue. Never throws: what the server refuses shows in `outbox`. */
  send(room: string, text: string): SendHandle;
  /** The room's unsent messages, oldest first; the same array until something changes. */
  unsent(room: string): readonly Unsent[];
  /** Tries a failed message again, with the same key, and what waits behind it. */
  retry(key: string): void;
  /** Takes a message that is not `sending` or `sent` out of the queue; true if it did. */
  drop(key: string): boolean;

  history(room: string, options?: Fields<'history'> & { readonly kinds?: EntryKind[] }): Promise<HistoryPage>;
  members(room: string, options?: Fields<'members'>): Promise<AnswerOf<'members'>>;
  rooms(options?: Fields<'rooms'>): Promise<AnswerOf<'rooms'>>;
  create(room: string, topic?: string): Promise<AnswerOf<'create'>>;
  topic(room: string, topic: string): Promise<Stored>;
  nick(nick: string): Promise<Person>;
  edit(room: string, of: number, text: string): Promise<Stored>;
  delete(room: string, of: number): Promise<Stored>;
  read(room: string, seq: number): Promise<number>;
  whoami(): Promise<AnswerOf<'whoami'>>;
  /** Tells the others that one is writing, or stopped. Call it as often as you like: it goes out at most once in 3 s. */
  typing(room: string, on?: boolean): void;
}
