/** One round of one scenario: what it may use, and the running of it. */
import { busySeconds } from './machine.ts';
import type { Texts } from './load/texts.ts';
import type { Figures } from './metrics.ts';
import type { Plan, Scenario } from './scenarios.ts';
import { runCrowd } from './scenarios/crowd.ts';
import { runFanOut } from './scenarios/fan-out.ts';
import { runLongRoom } from './scenarios/long-room.ts';
import { runSingle } from './scenarios/single.ts';
import { runStart } from './scenarios/start.ts';
import { runSteady } from './scenarios/steady.ts';
import { startServer, type Server } from './server.ts';

export interface Round {
  readonly texts: Texts;
  readonly warmSeconds: number;
  readonly seconds: number;
  /** Starts the server of this round; it is stopped when the round is over. */
  start(): Promise<Server>;
  /** Begins to measure CPU; the function it returns ends that. */
  meter(server: Server): () => Figures;
}

/** Runs a scenario once, on a server of its own. */
export async function runRound(scenario: Scenario, plan: Plan, texts: Texts): Promise<Figures> {
  const servers: Server[] = [];
  const round: Round = {
    texts,
    warmSeconds: plan.warmSeconds,
    seconds: plan.seconds,
    async start() {
      const server = await startServer();
      servers.push(server);
      return server;
    },
    meter: measureCpu,
  };
  try {
    return await run(scenario, round);
  } finally {
    for (const server of servers) await server.stop();
  }
}

function run(scenario: Scenario, round: Round): Promise<Figures> {
  switch (scenario.kind) {
    case 'fan-out':
      return runFanOut(scenario, round);
    case 'steady':
      return runSteady(scenario, round);
    case 'crowd':
      return runCrowd(scenario, round);
    case 'single':
      return runSingle(scenario, round);
    case 'start':
      return runStart(scenario, round);
    case 'long-room':
      return runLongRoom(scenario, round);
    default:
      return scenario satisfies never;
  }
}

function measureCpu(server: Server): () => Figures {
  const serverBefore = server.cpuSeconds();
  const allBefore = busySeconds();
  const own = process.cpuUsage();
  const begin = performance.now();
  return () => {
    const seconds = (performance.now() - begin) / 1000;
    const used = process.cpuUsage(own);
    const generator = (used.user + used.system) / 1e6;
    const generatorCpu = (generator * 100) / seconds;
    const serverAfter = server.cpuSeconds();
    const allAfter = busySeconds();
    if (serverBefore === null || serverAfter === null || allBefore === null || allAfter === null)
      return { generatorCpu };
    const spent = serverAfter - serverBefore;
    return {
      serverCpu: (spent * 100) / seconds,
      generatorCpu,
      otherCpu: Math.max(0, ((allAfter - allBefore - spent - generator) * 100) / seconds),
    };
  };
}
