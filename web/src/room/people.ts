import type { Client, Person } from '@teahouse/client';

/** The most people that are listed: what one page of members holds. */
const MAX_LISTED = 500;

/** The people of a room as listed: oneself first, the others by name. */
export function sortPeople(people: readonly Person[], ownId: string | undefined, language: string): Person[] {
  const collator = new Intl.Collator(language, { sensitivity: 'base', numeric: true });
  return people.toSorted(
    (a, b) => Number(b.id === ownId) - Number(a.id === ownId) || collator.compare(a.nick, b.nick),
  );
}

/**
 * Up to 500 people of a room that has more than `join` told of. Empty when the
 * line is away.
 */
export async function fetchPeople(client: Client, room: string, count: number): Promise<readonly Person[]> {
  try {
    return (await client.members(room, { limit: Math.min(count, MAX_LISTED) })).members;
  } catch {
    return [];
  }
}
