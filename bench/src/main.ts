/**
 * The bench: starts the server as its users do, puts load on it, and writes
 * down what came of it. It knows the server only as a process and the native
 * protocol only as bytes on a socket.
 *
 *     npm run bench                      all scenarios, three rounds each
 *     npm run bench -- --quick           one round, smaller: under a minute
 *     npm run bench -- --only fan-out    those whose name has this in it
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadTexts } from './load/texts.ts';
import { describeMachine, pinGenerator } from './machine.ts';
import type { Figures } from './metrics.ts';
import { renderMarkdown, rowsOf, type Report, type Result } from './report.ts';
import { runRound } from './round.ts';
import { FULL, QUICK, type Plan, type Scenario } from './scenarios.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string' },
  },
});
const base = options.quick ? QUICK : FULL;
const plan: Plan = {
  ...base,
  rounds: Number(options.rounds ?? base.rounds),
  scenarios: base.scenarios.filter((scenario) => scenario.name.includes(options.only ?? '')),
};

pinGenerator();
const texts = loadTexts();
const machine = describeMachine();
console.log(
  `${machine.cores} cores of ${machine.cpu}, ${machine.system}, Node ${machine.node}; ${machine.pinning}; texts: ${texts.source}`,
);

const results: Result[] = [];
for (const scenario of plan.scenarios) {
  console.log(`\n${scenario.name}`);
  const result = await runScenario(scenario);
  results.push(result);
  for (const row of rowsOf(result))
    console.log(
      `  ${(row[0] ?? '').padEnd(30)}${(row[1] ?? '').padStart(10)} ${(row[3] ?? '').padEnd(11)}${(row[2] ?? '').padEnd(20)}${row[4]}`,
    );
}
write({
  date: new Date().toISOString(),
  quick: options.quick,
  machine,
  texts: texts.source,
  plan: { rounds: plan.rounds, warmSeconds: plan.warmSeconds, seconds: plan.seconds },
  results,
});
process.exitCode = results.some((result) => result.failures.length > 0) ? 1 : 0;

async function runScenario(scenario: Scenario): Promise<Result> {
  const rounds: Figures[] = [];
  const failures: string[] = [];
  for (let i = 0; i < plan.rounds; i++) {
    try {
      rounds.push(await runRound(scenario, plan, texts));
    } catch (error) {
      failures.push(`round ${i + 1}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { scenario, rounds, failures };
}

/** A whole run goes where it can be committed; a part or a quick one only beside it. */
function write(report: Report): void {
  const folder = new URL('../results/', import.meta.url);
  const whole = !options.quick && options.only === undefined;
  const name = whole ? 'latest' : 'partial';
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(new URL(`${name}.md`, folder), renderMarkdown(report));
  console.log(`\nwritten: bench/results/${name}.md and ${name}.json`);
}
