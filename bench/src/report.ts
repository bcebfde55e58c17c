/** The results: as data, and as a table for people. */
import type { Machine } from './machine.ts';
import { median, meets, METRICS, type Figures, type Goal, type MetricName } from './metrics.ts';
import type { Plan, Scenario } from './scenarios.ts';

export interface Result {
  readonly scenario: Scenario;
  /** Figures of each round, in order. */
  readonly rounds: readonly Figures[];
  /** Why a round failed; its figures are missing. */
  readonly failures: readonly string[];
}

export interface Report {
  readonly date: string;
  readonly quick: boolean;
  readonly machine: Machine;
  readonly texts: string;
  readonly plan: Omit<Plan, 'scenarios'>;
  readonly results: readonly Result[];
}

/** From here on the generator itself may be what limits. */
const SATURATED_PERCENT = 90;
/** From here on something else on the machine disturbed the run. */
const DISTURBED_PERCENT = 25;

/** One line for each figure of a scenario. */
export function rowsOf(result: Result): string[][] {
  const names = (Object.keys(METRICS) as MetricName[]).filter((name) =>
    result.rounds.some((round) => round[name] !== undefined),
  );
  const rows = names.map((name) => {
    const values = result.rounds.map((round) => round[name]).filter((value) => value !== undefined);
    const goal = result.scenario.goals.find((one) => one.metric === name);
    return [
      METRICS[name].title,
      show(name, median(values)),
      values.length > 1 ? `${show(name, Math.min(...values))} – ${show(name, Math.max(...values))}` : '',
      METRICS[name].unit,
      goal === undefined ? warn(name, median(values)) : describeGoal(goal, median(values)),
    ];
  });
  return [...rows, ...result.failures.map((why) => ['FAILED', why, '', '', ''])];
}

export function renderMarkdown(report: Report): string {
  const { machine } = report;
  return [
    '# Results',
    '',
    `${report.date.slice(0, 10)}, commit ${machine.commit}, ${machine.node}, ${machine.system}, ${machine.cores} cores of ${machine.cpu}, ${machine.memoryGb} GB; ${machine.pinning}.`,
    `${report.quick ? 'A quick run: a first look. ' : ''}Rounds: ${report.plan.rounds}, each on a fresh server, ${report.plan.seconds} s after ${report.plan.warmSeconds} s of warming up. Texts of 100 bytes: ${report.texts}.`,
    '',
    ...report.results.flatMap((result) => [
      `## ${result.scenario.name}`,
      '',
      describeScenario(result.scenario),
      '',
      '| | median | range | | goal |',
      '| --- | ---: | ---: | --- | --- |',
      ...rowsOf(result).map((row) => `| ${row.join(' | ')} |`),
      '',
    ]),
  ].join('\n');
}

function describeScenario(scenario: Scenario): string {
  switch (scenario.kind) {
    case 'fan-out':
      return `A room of ${scenario.members} over ${nameOf(scenario.transport)}, ${scenario.senders} of them with ${scenario.window} sends under way each${scenario.keys ? ', each with a key' : ''}.`;
    case 'steady':
      return `A room of ${scenario.members} over ${nameOf(scenario.transport)}, ${scenario.rate} messages/s; latency from when a message was due to its last byte at each member.`;
    case 'crowd':
      return `${scenario.people} people connect over ${nameOf(scenario.transport)}, log in and join one room; then they are idle.`;
    case 'single':
      return 'One sender waits for each answer; beside it one bare synced commit of SQLite and one ping, in turns.';
    case 'start':
      return 'From the start of the process, with an empty data folder, until the first person is in the room; memory one second later.';
    case 'long-room':
      return `A room of ${scenario.entries} entries, filled by pipelined sends; then joins, and pages of 50 rows all over it.`;
    default:
      return scenario satisfies never;
  }
}

function nameOf(transport: 'tcp' | 'ws'): string {
  return transport === 'tcp' ? 'native TCP' : 'WebSocket';
}

function show(name: MetricName, value: number): string {
  return value.toFixed(METRICS[name].digits);
}

function warn(name: MetricName, value: number): string {
  if (name === 'generatorCpu' && value >= SATURATED_PERCENT) return 'the generator is near its own limit';
  return name === 'otherCpu' && value >= DISTURBED_PERCENT ? 'disturbed: repeat on an idle machine' : '';
}

function describeGoal(goal: Goal, value: number): string {
  const bound = goal.atLeast === undefined ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`;
  return `${bound}: ${meets(goal, value) ? 'met' : '**not met**'}`;
}
