import type { Client } from '@teahouse/client';

/**
 * Puts the number of messages that came while the page was not seen into the
 * window's title. Returns what writes the title anew.
 */
export function countUnseen(client: Client, title: () => string): () => void {
  let unseen = 0;
  function show(): void {
    if (client.state.is === 'offline') return;
    document.title = unseen > 0 ? `(${unseen}) ${title()}` : title();
  }
  client.on('entry', ({ entry }) => {
    if (!document.hidden || entry.type !== 'message') return;
    unseen++;
    show();
  });
  client.on('state', show);
  addEventListener('hashchange', show);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    unseen = 0;
    show();
  });
  return show;
}
