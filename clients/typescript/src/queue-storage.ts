import type { QueueStorage, Unsent } from './types.ts';

/** A message as it is kept: with the id of the person who wrote it, if that was known. */
export type Kept = Unsent & { readonly by: string | undefined };

/** Keeps the queue; a storage that is full or forbidden costs only the memory over reloads. */
export function saveQueue(storage: QueueStorage, queue: readonly Kept[]): void {
  try {
    storage.save(
      JSON.stringify(queue.map(({ key, room, text, written, by }) => ({ key, room, text, written, by }))),
    );
  } catch {
    // Nothing is lost but what a reload would need.
  }
}

function isKept(value: unknown): value is Kept {
  const { key, room, text, written, by } = (value ?? {}) as Record<string, unknown>;
  const strings = [key, room, text].every((field) => typeof field === 'string');
  return strings && typeof written === 'number' && (by === undefined || typeof by === 'string');
}

/** What was kept; whatever does not look like it is left out. */
export function loadQueue(storage: QueueStorage | undefined): Kept[] {
  try {
    const queue: unknown = JSON.parse(storage?.load() || '[]');
    if (!Array.isArray(queue)) return [];
    return queue
      .filter(isKept)
      .map(({ key, room, text, written, by }) => ({ key, room, text, written, by, state: { is: 'queued' } }));
  } catch {
    return [];
  }
}
