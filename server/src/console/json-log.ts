import { pino, stdTimeFunctions } from 'pino';

import { traceError } from './error-trace.ts';
import { importanceOf } from './importance.ts';
import type { JournalEvent } from './journal-event.ts';

/** The same events as JSON lines, for what reads a pipe. */
export interface JsonLog {
  readonly event: (event: JournalEvent) => void;
  readonly leftOut: (kind: string, count: number) => void;
}

/** `write` takes whole lines. */
export function createJsonLog(write: (line: string) => void): JsonLog {
  const log = pino(
    {
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      messageKey: 'message',
    },
    { write },
  );
  return {
    event(event) {
      const importance = importanceOf(event);
      log[importance === 'always' ? 'info' : importance](event.kind === 'trouble' ? withTrace(event) : event);
    },
    leftOut(kind, count) {
      log.warn({ kind: 'left_out', of: kind, count });
    },
  };
}

function withTrace(event: JournalEvent & { readonly kind: 'trouble' }): object {
  return event.error === undefined ? event : { ...event, error: traceError(event.error) };
}
