/**
 * The composition root: the only file that sees everything. Opens the store,
 * hands clock, timers and randomness to chat, and puts the front ends on their
 * listeners.
 */
import { join } from 'node:path';
import { createChat, kick, stopChat, type ChatOptions } from './chat/index.ts';
import type { Config, Listener } from './config/config.ts';
import type { JournalEvent, Report } from './console/journal-event.ts';
import { holdDataFolder } from './data-folder/hold.ts';
import { openDataFolder } from './data-folder/folder.ts';
import { createFrontends, type Frontends, type OpenListener } from './compose/frontends.ts';
import { createTimesOf, type TimesOf } from './limits/addresses.ts';
import { loadRsaKey } from './data-folder/rsa-key.ts';
import { createRandomBytes } from './compose/random.ts';
import { chatLimits, chatRates } from './compose/settings.ts';
import { StoreUnavailable, type Store } from './store/port.ts';
import { openSqliteStore } from './store/sqlite/store.ts';
import { createTurn } from './compose/turn.ts';
import { UserError } from './user-error.ts';

/** How long a stopping server waits for connections to end by themselves, in ms. */
const STOP_MS = 2_500;

export interface ServerOptions {
  readonly config: Config;
  readonly dataFolder: string;
  /** False lifts every rate and every count by address or person (`--no-rate-limit`). */
  readonly rateLimits: boolean;
  readonly journal: Report;
}

export interface RunningServer {
  readonly listeners: readonly OpenListener[];
  /** Drains and closes everything. It is as long as the store takes to commit what it has; the command ends after 5 s at the latest. Calling it again waits for the same end. */
  stop(): Promise<void>;
}

function setTimer(task: () => void, ms: number): () => void {
  // A timer alone keeps no process alive: listeners and connections do.
  const timer = setTimeout(task, ms).unref();
  return () => clearTimeout(timer);
}

/** Starts the server. Rejects with a `UserError` for what the operator can put right. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, journal } = options;
  const folder = await openDataFolder(options.dataFolder);
  const undo: (() => Promise<void>)[] = [];
  try {
    const hold = await holdDataFolder(folder);
    undo.unshift(hold.release);
    const wantsKey = config.server.listen.some(({ scheme }) => scheme === 'rsa-line');
    const making = wantsKey ? loadRsaKey(folder, config.rsa) : Promise.resolve(null);
    making.catch(() => {}); // thrown where it is awaited, also if that is later than it fails
    const store = await openStore(folder, journal);
    undo.unshift(store.close);
    const timesOf = options.rateLimits
      ? createTimesOf(config.rates.exempt, config.rates.privateFactor)
      : () => Infinity;
    const turn = createTurn(setImmediate);
    const core = await createChat(chatOptions(options, store, timesOf, turn.deliver));
    undo.unshift(() => stopChat(core));
    const key = await making;
    const frontends = createFrontends({
      config,
      rateLimits: options.rateLimits,
      journal,
      core,
      timesOf,
      turn,
      setTimer,
      key,
    });
    undo.unshift(() => frontends.close(STOP_MS));
    const listeners = await openListeners(config.server.listen, frontends, journal);
    hold.serve({ kick: (nick) => kick(core, nick, null), publicKey: () => key?.publicKey ?? null });
    let stopping: Promise<void> | null = null;
    const stop = async (): Promise<void> => {
      frontends.stopListening();
      await stopChat(core);
      await frontends.close(STOP_MS);
      await store.close();
      await hold.release();
    };
    return { listeners, stop: () => (stopping ??= stop()) };
  } catch (error) {
    for (const step of undo) await step();
    throw error;
  }
}

async function openListeners(
  wanted: readonly Listener[],
  frontends: Frontends,
  journal: Report,
): Promise<OpenListener[]> {
  const open: OpenListener[] = [];
  for (const listener of wanted) {
    const ready = await frontends.open(listener);
    journal({ kind: 'listening', frontend: ready.scheme, url: ready.url });
    open.push(ready);
  }
  return open;
}

/** Opens the database of the data folder. What keeps it from being opened is the operator's to put right. */
async function openStore(folder: string, journal: Report): Promise<Store> {
  try {
    return await openSqliteStore({
      file: join(folder, 'teahouse.db'),
      onTrouble: (message, error) => journal(tellStore(message, error)),
    });
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** The database's own words are shown, as they say whether the disk is full and quote nobody's text. */
function tellStore(message: string, error: unknown): JournalEvent {
  if (error === null) return { kind: 'recovered', where: 'store' };
  if (error instanceof StoreUnavailable) {
    return { kind: 'trouble', where: 'store', message: `${message} (${error.message})` };
  }
  return { kind: 'trouble', where: 'store', message, error };
}

function chatOptions(
  { config, rateLimits, journal }: ServerOptions,
  store: Store,
  timesOf: TimesOf,
  endOfTurn: ChatOptions['endOfTurn'],
): ChatOptions {
  return {
    store,
    limits: chatLimits(config),
    rates: chatRates(config, rateLimits),
    now: Date.now,
    setTimer,
    randomBytes: createRandomBytes(),
    endOfTurn,
    holdsOf: (address) => config.limits.holdsPerAddress * timesOf(address),
    observe: journal,
    lobbyTopic: config.lobby.topic,
  };
}
