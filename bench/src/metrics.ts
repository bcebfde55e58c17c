/** What is measured, in which unit, and how it is shown. */

interface Metric {
  readonly title: string;
  readonly unit: string;
  readonly digits: number;
}

export const METRICS = {
  deliveries: { title: 'deliveries', unit: 'million/s', digits: 2 },
  sends: { title: 'sends', unit: 'thousand/s', digits: 1 },
  wireBytes: { title: 'bytes per delivery', unit: 'B', digits: 0 },
  p50: { title: 'p50', unit: 'ms', digits: 2 },
  p99: { title: 'p99', unit: 'ms', digits: 2 },
  late: { title: 'sends late at most', unit: 'ms', digits: 1 },
  joined: { title: 'all joined after', unit: 's', digits: 2 },
  idleBytes: { title: 'memory per connection', unit: 'KB', digits: 1 },
  commit: { title: 'bare commit p50', unit: 'ms', digits: 3 },
  ping: { title: 'ping p50', unit: 'ms', digits: 3 },
  ratio: { title: 'p50 / (commit + ping)', unit: '', digits: 2 },
  firstLogin: { title: 'start to first login', unit: 'ms', digits: 0 },
  restBytes: { title: 'memory at rest', unit: 'MB', digits: 0 },
  seedSends: { title: 'seeding', unit: 'thousand/s', digits: 1 },
  join: { title: 'join p50, less a ping', unit: 'ms', digits: 2 },
  joinP99: { title: 'join p99, less a ping', unit: 'ms', digits: 2 },
  page: { title: 'page of 50 p50, less a ping', unit: 'ms', digits: 2 },
  pageP99: { title: 'page of 50 p99, less a ping', unit: 'ms', digits: 2 },
  serverCpu: { title: 'server CPU', unit: '%', digits: 0 },
  generatorCpu: { title: 'generator CPU', unit: '%', digits: 0 },
  otherCpu: { title: 'CPU of everything else', unit: '%', digits: 0 },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;
/** One round's figures. */
export type Figures = Partial<Record<MetricName, number>>;

export interface Goal {
  readonly metric: MetricName;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** The middle of a list of numbers; of an even count the lower one, so that it was really measured. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value that a share `q` of all values does not exceed (nearest rank). */
export function quantile(values: readonly number[] | Float64Array, q: number): number {
  const sorted = Float64Array.from(values).toSorted();
  return sorted[Math.max(0, Math.ceil(sorted.length * q) - 1)] ?? Number.NaN;
}

export function meets(goal: Goal, value: number): boolean {
  return (
    (goal.atLeast === undefined || value >= goal.atLeast) &&
    (goal.atMost === undefined || value <= goal.atMost)
  );
}
