import type { Client } from '@teahouse/client';

/** After being hidden for longer, the line may be dead without anybody having been told. */
const DOUBTFUL_AFTER_MS = 20_000;

/** Looks after the line at the moments that a page knows of: coming online again, and being seen again. */
export function keepLineAlive(client: Client): void {
  let hiddenAt = 0;
  addEventListener('online', () => client.tryNow());
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      hiddenAt = Date.now();
      return;
    }
    client.tryNow();
    if (Date.now() - hiddenAt > DOUBTFUL_AFTER_MS) client.checkAlive().catch(() => undefined);
  });
}
