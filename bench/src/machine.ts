/** What the machine is, and what its processes used, from outside: /proc and taskset, which only Linux has. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cpus, release, type, totalmem } from 'node:os';

const GENERATOR_CORE = 1;
/** Clock ticks per second in /proc/PID/stat (USER_HZ, 100 on every Linux that Node runs on). */
const TICKS = 100;

let tasksetFound: boolean | undefined;

/** Whether processes can be held to a core: Linux, `taskset`, at least two cores. */
export function canPin(): boolean {
  tasksetFound ??= cpus().length >= 2 && runs('taskset', ['--version']);
  return tasksetFound;
}

/** The command, held to one core. */
export function pinned(core: number, command: readonly string[]): string[] {
  return ['taskset', '-c', String(core), ...command];
}

/** Holds this process, with all its threads, to the generator's core. */
export function pinGenerator(): void {
  if (canPin())
    execFileSync('taskset', ['-acp', String(GENERATOR_CORE), String(process.pid)], { stdio: 'ignore' });
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  readonly commit: string;
  readonly pinning: string;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    commit: commit(),
    pinning: canPin()
      ? 'server on core 0, generator on core 1'
      : 'none: taskset or a second core is missing, figures are not comparable',
  };
}

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}

function runs(program: string, args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A process and all that descend from it. */
export function familyOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of listProcesses()) {
    const fields = statOf(Number(name));
    if (fields !== null) parents.set(Number(name), Number(fields[1]));
  }
  const family = [pid];
  for (const member of family) {
    for (const [child, parent] of parents) if (parent === member) family.push(child);
  }
  return family;
}

function listProcesses(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** The fields of /proc/PID/stat from `state` on (proc(5)), or null if there is none. */
function statOf(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** utime and stime of these processes, all threads, in seconds. */
export function cpuSecondsOf(pids: readonly number[]): number | null {
  const stats = pids.map(statOf).filter((fields) => fields !== null);
  if (stats.length === 0) return null;
  return stats.reduce((sum, fields) => sum + Number(fields[11]) + Number(fields[12]), 0) / TICKS;
}

export function residentBytesOf(pids: readonly number[]): number | null {
  let sum = 0;
  for (const pid of pids) {
    try {
      const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      sum += Number(kilobytes ?? 0) * 1024;
    } catch {
      // It has ended meanwhile.
    }
  }
  return sum === 0 ? null : sum;
}

/** Seconds that all cores together were not idle since the machine started, stolen time included, or null without /proc. */
export function busySeconds(): number | null {
  try {
    const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
      .split(/\s+/)
      .slice(1)
      .map(Number);
    return (user + nice + system + irq + softirq + steal) / TICKS;
  } catch {
    return null;
  }
}
