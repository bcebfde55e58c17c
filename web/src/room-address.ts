/** The room of an address such as `/#/lobby`. */
export function roomOf(hash: string): string {
  const name = hash.replace(/^#\/?/, '');
  try {
    return decodeURIComponent(name) || 'lobby';
  } catch {
    return name;
  }
}

/** The part of an address that leads to a room. */
export const hashOf = (room: string) => `#/${encodeURIComponent(room)}`;
