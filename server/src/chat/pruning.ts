import { asking, type Core } from './core.ts';

const HOUR_MS = 3_600_000;
/** Sessions that are marked as used in one go. */
const CHUNK = 500;

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
    for (let at = 0; at < sessions.length; at += CHUNK) {
      const chunk = sessions.slice(at, at + CHUNK);
      await Promise.all(chunk.map((session) => store.directory.resumeSession(session, 0)));
    }
    await store.directory.prune(now() - limits.sessionMs);
    return {};
  });
}
