/**
 * The world a simulation runs in: one clock, one source of chance and one list
 * of things that could happen next. Each turn one of them happens, whichever
 * chance picks; promises settle between turns, as they do on an event loop.
 * It knows nothing of servers, clients or chat.
 */
import { createRandom, type Random } from './random.ts';

/** Work of one process: when the process dies, none of it happens any more. */
export interface Scope {
  /** Runs later, in no particular order with what else was scheduled. */
  schedule(task: () => void): void;
  /** Runs once after so many ms of the world's clock; the answer calls it off. */
  setTimer(task: () => void, ms: number): () => void;
  end(): void;
}

export interface World {
  readonly random: Random;
  /** Milliseconds since 1970; rises. */
  now(): number;
  /** As a machine's clock that is set now and then: it may fall. */
  wallClock(): number;
  createScope(): Scope;
  /** Lets one thing happen. False if nothing is left but timers further off than `horizon` ms. */
  turn(horizon: number): Promise<boolean>;
  /** Keeps what happened, to be told where a simulation fails. */
  tell(event: string): void;
  readonly story: readonly string[];
}

interface Task {
  readonly scope: object;
  readonly run: () => void;
}

const START = Date.UTC(2026, 10, 24, 8);

export function createWorld(seed: number): World {
  const random = createRandom(seed);
  const story: string[] = [];
  let tasks: Task[] = [];
  let timers: (Task & { readonly at: number })[] = [];
  let now = START;
  let skew = 0;

  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  function takeTimer(horizon: number): Task | null {
    const first = timers.reduce<(typeof timers)[number] | null>(
      (soonest, timer) => (soonest === null || timer.at < soonest.at ? timer : soonest),
      null,
    );
    if (first === null || first.at > now + horizon) return null;
    timers = timers.filter((timer) => timer !== first);
    now = Math.max(now, first.at);
    return first;
  }

  function takeTask(horizon: number): Task | null {
    if (tasks.length === 0) return takeTimer(horizon);
    // A timer that is due competes with what is ready; time passes while a process works.
    if (random.chance(0.2)) now += random.below(4);
    if (random.chance(0.01)) skew = random.below(10_000) - 5_000;
    return (
      (random.chance(0.2) ? takeTimer(0) : null) ?? tasks.splice(random.below(tasks.length), 1)[0] ?? null
    );
  }

  return {
    random,
    story,
    now: () => now,
    wallClock: () => now + skew,
    tell: (event) => void story.push(event),
    createScope() {
      const scope = {};
      return {
        schedule: (run) => void tasks.push({ scope, run }),
        setTimer(run, ms) {
          const timer = { scope, run, at: now + ms };
          timers.push(timer);
          return () => {
            timers = timers.filter((each) => each !== timer);
          };
        },
        end() {
          tasks = tasks.filter((task) => task.scope !== scope);
          timers = timers.filter((timer) => timer.scope !== scope);
        },
      };
    },
    async turn(horizon) {
      const task = takeTask(horizon);
      task?.run();
      await settle();
      return task !== null;
    },
  };
}
