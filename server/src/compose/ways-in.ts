import { networkInterfaces } from 'node:os';
import { findLanAddress } from '../console/network.ts';
import type { OpenListener } from './frontends.ts';
import type { WaysIn } from '../frontends/http/http-frontend.ts';

const isEverywhere = (host: string) => host === '::' || host === '0.0.0.0';

/** What the page may tell of how others come in: addresses they can open, and the listeners they can reach. */
export function waysIn(opened: readonly OpenListener[], publicUrl: string | null): WaysIn {
  const page = opened.find(({ scheme }) => scheme === 'http');
  const lan = page && isEverywhere(page.host) ? findLanAddress(networkInterfaces()) : null;
  const pages =
    publicUrl !== null ? [`${publicUrl}/`] : page && lan !== null ? [`http://${lan}:${page.port}/`] : [];
  const reachable = opened.filter(
    ({ scheme, host }) => scheme !== 'http' && (isEverywhere(host) || host === page?.host),
  );
  return { pages, listeners: reachable.map(({ scheme, port }) => ({ scheme, port })) };
}
