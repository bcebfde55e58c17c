/** Somebody in a simulation: what they know of themselves, whatever device they sit at. */

/** A message somebody wants to have said. */
export interface Wish {
  readonly room: string;
  readonly key: string;
  readonly text: string;
  /** Where the server said it is; null until it has. */
  acknowledged: { readonly seq: number; readonly time: string } | null;
  /** How often it was sent. */
  tries: number;
}

export interface Person {
  readonly name: string;
  nick: string;
  id: string | null;
  session: string | null;
  readonly wishes: Wish[];
}

export function createPerson(name: string): Person {
  return { name, nick: name, id: null, session: null, wishes: [] };
}
