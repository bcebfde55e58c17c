import { asking, type Core } from './core.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Once an hour forgets sessions and people that nobody came back to, and keys that are too old to be retried. */
export function startPruning(core: Core): void {
  core.cancelPruning = core.options.setTimer(() => {
    void prune(core).finally(() => {
      if (!core.stopping) startPruning(core);
    });
  }, HOUR_MS);
}

async function prune(core: Core): Promise<void> {
  const { store, now, limits } = core.options;
  await asking(core, 'forgetting what is old', async () => {
    // Whoever is here uses their session, however long ago they logged in with it.
    const sessions = [...core.connections].flatMap((connection) => connection.session ?? []);
    await Promise.all(sessions.map((session) => store.directory.resumeSession(session, 0)));
    await store.directory.prune(now() - limits.sessionDays * DAY_MS);
    return {};
  });
}
