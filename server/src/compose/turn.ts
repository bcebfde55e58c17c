/** The end of a turn of the event loop: what became ready in the turn is handled together. */
export interface Turn {
  /** Rooms hand what was committed to their receivers. */
  readonly deliver: (task: () => void) => void;
  /** Connections write what they were given. Runs after all deliveries. */
  readonly write: (task: () => void) => void;
}

/**
 * Collects tasks and runs them at the end of the turn: no timer, so an idle
 * server answers at once, and a busy one gathers by itself. `schedule` runs its
 * task once the events at hand have been read (`setImmediate`).
 */
export function createTurn(schedule: (task: () => void) => void): Turn {
  let deliveries: (() => void)[] = [];
  let writes: (() => void)[] = [];
  let scheduled = false;

  const run = (): void => {
    try {
      const deliver = deliveries;
      deliveries = [];
      for (const task of deliver) task();
      const write = writes;
      writes = [];
      for (const task of write) task();
    } finally {
      scheduled = false;
      if (deliveries.length > 0 || writes.length > 0) wake();
    }
  };
  const wake = (): void => {
    if (scheduled) return;
    scheduled = true;
    schedule(run);
  };
  return {
    deliver(task) {
      deliveries.push(task);
      wake();
    },
    write(task) {
      writes.push(task);
      wake();
    },
  };
}
