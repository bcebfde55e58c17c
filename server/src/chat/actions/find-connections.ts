import type { Connection } from '../connection.ts';
import type { Core } from '../core.ts';
import { skeletonOf } from '../look-alikes/skeleton.ts';

/** The connections of whoever is called so now, or so that it looks the same. */
export function findConnections(core: Core, nick: string): Iterable<Connection> {
  return core.people.called(skeletonOf(nick))?.connections ?? [];
}
