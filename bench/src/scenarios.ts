/** What is run, as data: each kind has a file in `scenarios/`. Goals are the ones of docs/performance.md. */
import type { Transport } from './load/peer.ts';
import type { Goal } from './metrics.ts';

interface Common {
  readonly name: string;
  readonly goals: readonly Goal[];
}

/** Senders with full windows in one room: deliveries/s. */
export interface FanOut extends Common {
  readonly kind: 'fan-out';
  readonly transport: Transport;
  readonly members: number;
  readonly senders: number;
  /** Messages under way per sender. */
  readonly window: number;
  readonly keys: boolean;
}

/** Messages at a steady rate, whatever becomes of them: latency of each delivery. */
export interface Steady extends Common {
  readonly kind: 'steady';
  readonly transport: Transport;
  readonly members: number;
  readonly rate: number;
}

/** Many people come at once and then sit there. */
export interface Crowd extends Common {
  readonly kind: 'crowd';
  readonly transport: Transport;
  readonly people: number;
}

/** One sender who waits for each answer, beside a bare commit and a ping. */
export interface Single extends Common {
  readonly kind: 'single';
}

/** From nothing to the first login. */
export interface Start extends Common {
  readonly kind: 'start';
}

/** Joining and paging in a room with a long past. */
export interface LongRoom extends Common {
  readonly kind: 'long-room';
  readonly entries: number;
}

export type Scenario = FanOut | Steady | Crowd | Single | Start | LongRoom;

export interface Plan {
  readonly rounds: number;
  /** Seconds of load before a measurement, and of it. */
  readonly warmSeconds: number;
  readonly seconds: number;
  readonly scenarios: readonly Scenario[];
}

const MILLION_DELIVERIES: readonly Goal[] = [{ metric: 'deliveries', atLeast: 10 }];
const SENDS: readonly Goal[] = [{ metric: 'sends', atLeast: 80 }];

function scenarios(people: number, entries: number): readonly Scenario[] {
  return [
    {
      kind: 'start',
      name: 'start',
      goals: [
        { metric: 'firstLogin', atMost: 500 },
        { metric: 'restBytes', atMost: 110 },
      ],
    },
    {
      kind: 'fan-out',
      name: 'fan-out tcp',
      transport: 'tcp',
      members: 1000,
      senders: 10,
      window: 100,
      keys: false,
      goals: MILLION_DELIVERIES,
    },
    {
      kind: 'fan-out',
      name: 'fan-out ws',
      transport: 'ws',
      members: 1000,
      senders: 10,
      window: 100,
      keys: false,
      goals: MILLION_DELIVERIES,
    },
    {
      kind: 'fan-out',
      name: 'sends, room of 10',
      transport: 'tcp',
      members: 10,
      senders: 5,
      window: 200,
      keys: false,
      goals: SENDS,
    },
    {
      kind: 'fan-out',
      name: 'sends with keys, room of 10',
      transport: 'tcp',
      members: 10,
      senders: 5,
      window: 200,
      keys: true,
      goals: [],
    },
    {
      kind: 'steady',
      name: 'steady 50/s',
      transport: 'tcp',
      members: 1000,
      rate: 50,
      goals: [{ metric: 'p99', atMost: 15 }],
    },
    {
      kind: 'steady',
      name: 'steady 200/s',
      transport: 'tcp',
      members: 1000,
      rate: 200,
      goals: [{ metric: 'p99', atMost: 30 }],
    },
    {
      kind: 'crowd',
      name: `crowd of ${people} tcp`,
      transport: 'tcp',
      people,
      goals: [
        { metric: 'joined', atMost: 3 },
        { metric: 'idleBytes', atMost: 4 },
      ],
    },
    {
      kind: 'crowd',
      name: `crowd of ${people} ws`,
      transport: 'ws',
      people,
      goals: [
        { metric: 'joined', atMost: 3 },
        { metric: 'idleBytes', atMost: 6 },
      ],
    },
    { kind: 'single', name: 'one sender, waiting', goals: [{ metric: 'ratio', atMost: 1.5 }] },
    {
      kind: 'long-room',
      name: `room of ${entries} entries`,
      entries,
      goals: [
        { metric: 'joinP99', atMost: 2 },
        { metric: 'pageP99', atMost: 2 },
      ],
    },
  ];
}

/** Under five minutes. */
export const FULL: Plan = { rounds: 3, warmSeconds: 1, seconds: 4, scenarios: scenarios(10_000, 1_000_000) };
/** Under one minute; its figures are a first look, not results. */
export const QUICK: Plan = { rounds: 1, warmSeconds: 0.5, seconds: 2, scenarios: scenarios(2_000, 100_000) };
