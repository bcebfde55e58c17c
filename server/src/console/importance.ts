import type { JournalEvent } from './journal-event.ts';

/** From the most important down; `log.level` names the last one shown. `always` is what the operator must see in any case. */
export type Importance = 'always' | 'error' | 'warn' | 'info';

const IMPORTANCE: Record<JournalEvent['kind'], Importance> = {
  listening: 'always',
  connected: 'info',
  login: 'info',
  entered: 'info',
  left: 'info',
  renamed: 'info',
  disconnected: 'info',
  refused: 'warn',
  kicked: 'warn',
  trouble: 'error',
  recovered: 'error',
  notice: 'always',
  stopping: 'always',
  stopped: 'always',
};

const ORDER: readonly Importance[] = ['always', 'error', 'warn', 'info'];

export function importanceOf(event: JournalEvent): Importance {
  return IMPORTANCE[event.kind];
}

/** Whether an event of this importance is shown at this level. */
export function isShown(importance: Importance, level: Importance): boolean {
  return ORDER.indexOf(importance) <= ORDER.indexOf(level);
}
