import { traceError } from './error-trace.ts';
import { importanceOf } from './importance.ts';
import type { JournalEvent, JournalPerson } from './journal-event.ts';
import { makeOneLine } from './one-line.ts';

const RESET = '\x1b[0m';
const COLOURS = { always: '', error: '\x1b[31m', warn: '\x1b[33m', info: '' } as const;
const DIM = '\x1b[2m';

/** The event as a line for people, such as `20:15:55  小明 has entered lobby`; a fault's stack frames follow below it. */
export function formatReadable(event: JournalEvent, time: number, colour: boolean): string {
  const [line, ...frames] = [makeOneLine(describe(event)), ...framesOf(event)];
  const paint = COLOURS[importanceOf(event)];
  const clock = timeOfDay(time);
  const text = colour ? `${DIM}${clock}${RESET}  ${paint}${line}${paint && RESET}` : `${clock}  ${line}`;
  return [text, ...frames.map((frame) => `          ${makeOneLine(frame)}`), ''].join('\n');
}

/** A line that says how many of a kind the sampler kept back. */
export function formatLeftOut(kind: string, count: number, time: number): string {
  return `${timeOfDay(time)}  … and ${count} more of "${makeOneLine(kind)}" in this second\n`;
}

function describe(event: JournalEvent): string {
  switch (event.kind) {
    case 'listening':
      return `listening on ${event.url}`;
    case 'connected':
      return `${event.address} connected (${event.frontend})`;
    case 'login':
      return `${event.address} is ${nameOf(event.person)}${event.returning ? ', back again' : ''} (${event.frontend})`;
    case 'entered':
      return `${nameOf(event.person)} has entered ${event.room}`;
    case 'left':
      return `${nameOf(event.person)} has left ${event.room}${event.reason ? ` (${event.reason})` : ''}`;
    case 'renamed':
      return `${nameOf(event.person)} is now ${event.nick}`;
    case 'disconnected':
      return `${who(event)} disconnected after ${duration(event.seconds)} (${event.frontend}, ${event.reason})`;
    case 'refused':
      return `${who(event)} was refused: ${event.code}${event.length === undefined ? '' : `, ${event.length} bytes`} (${event.frontend})`;
    case 'kicked':
      return `${nameOf(event.person)} was put out by the operator`;
    case 'trouble':
      return `trouble in ${event.where}: ${event.message}${event.error === undefined ? '' : ` (${nameError(event.error)})`}`;
    case 'recovered':
      return `${event.where} works again`;
    case 'notice':
      return event.message;
    case 'stopping':
      return `stopping (${event.reason})`;
    case 'stopped':
      return 'stopped';
  }
}

function framesOf(event: JournalEvent): readonly string[] {
  return event.kind === 'trouble' && event.error !== undefined ? traceError(event.error).frames : [];
}

function nameError(error: unknown): string {
  const { name, code } = traceError(error);
  return code === undefined ? name : `${name} ${code}`;
}

function nameOf(person: JournalPerson): string {
  return person.nick;
}

function who({ address, person }: { readonly address: string; readonly person?: JournalPerson }): string {
  return person ? `${nameOf(person)} at ${address}` : address;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** Wall time in the system's zone, as the clock beside the operator shows it. */
function timeOfDay(time: number): string {
  const date = new Date(time);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
