/**
 * The server's window: what it greets its operator with, and a line for each
 * thing that happens, readable on a terminal and JSON into a pipe. It is told
 * events and knows nothing of the server they come from.
 */
import { importanceOf, isShown } from './importance.ts';
import type { Importance } from './importance.ts';
import type { JournalEvent, Report } from './journal-event.ts';
import type { LineSink } from './line-sink.ts';
import { formatLeftOut, formatReadable } from './readable.ts';
import { createSampler } from './sampler.ts';
import type { JournalClock } from './sampler.ts';

export interface Journal {
  /** Takes an event. Before `open` events are kept, so that the greeting stands first. */
  readonly report: Report;
  /** Writes the greeting (whole lines, or nothing), then what was kept, and from then on each event at once. */
  readonly open: (greeting: string) => void;
  /** Settles when all is written. */
  readonly flush: () => Promise<void>;
}

export interface JournalOptions {
  readonly sink: LineSink;
  /** Readable lines if it is a terminal, JSON lines otherwise. */
  readonly isTerminal: boolean;
  readonly colour: boolean;
  readonly level: Exclude<Importance, 'always'>;
  /** Lines of one kind in a second at most. */
  readonly linesPerSecond: number;
  readonly clock: JournalClock;
}

/** Events kept before `open` at most. */
const KEPT = 1000;

/** What turns events into lines. */
interface Format {
  readonly event: (event: JournalEvent) => void;
  readonly leftOut: (kind: string, count: number) => void;
}

/** Makes the journal; pino is loaded only where it is needed. */
export async function createJournal(options: JournalOptions): Promise<Journal> {
  const { sink, clock } = options;
  const format = options.isTerminal
    ? createReadable(options)
    : (await import('./json-log.ts')).createJsonLog(sink.write);
  const sampler = createSampler(clock, options.linesPerSecond, format.leftOut);
  let kept: JournalEvent[] | null = [];
  const show = (event: JournalEvent) => {
    const importance = importanceOf(event);
    if (!isShown(importance, options.level)) return;
    if (importance === 'always' || sampler.passes(sampledAs(event))) format.event(event);
  };
  return {
    report(event) {
      if (kept === null) show(event);
      else if (kept.length < KEPT) kept.push(event);
    },
    open(greeting) {
      if (greeting !== '') sink.write(greeting);
      const early = kept ?? [];
      kept = null;
      for (const event of early) show(event);
    },
    flush: sink.flush,
  };
}

function createReadable({ sink, clock, colour }: JournalOptions): Format {
  return {
    event: (event) => sink.write(formatReadable(event, clock.now(), colour)),
    leftOut: (kind, count) => sink.write(formatLeftOut(kind, count, clock.now())),
  };
}

/** One part's troubles must not hide another's. */
function sampledAs(event: JournalEvent): string {
  return event.kind === 'trouble' ? `trouble in ${event.where}` : event.kind;
}
