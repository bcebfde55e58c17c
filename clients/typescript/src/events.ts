import type { ClientEvents } from './types.ts';

export type Emit = <K extends keyof ClientEvents>(type: K, event: ClientEvents[K]) => void;

type Listeners = { [K in keyof ClientEvents]?: Set<(event: ClientEvents[K]) => void> };

/** Who listens to what. A listener that throws is reported as uncaught and disturbs neither the others nor the client. */
export function createEvents() {
  const listeners: Listeners = {};

  const emit: Emit = (type, event) => {
    for (const listener of [...(listeners[type] ?? [])]) {
      try {
        listener(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  };

  function on<K extends keyof ClientEvents>(type: K, listener: (event: ClientEvents[K]) => void): () => void {
    const set: Set<(event: ClientEvents[K]) => void> = listeners[type] ?? new Set();
    Object.assign(listeners, { [type]: set });
    set.add(listener);
    return () => void set.delete(listener);
  }

  return { emit, on };
}
