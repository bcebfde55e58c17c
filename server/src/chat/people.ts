import type { Person } from './person.ts';

/** Everybody who is here or held, by id and by nickname. A nickname is claimed before the store is asked, so that two cannot get it. */
export interface People {
  readonly byId: ReadonlyMap<string, Person>;
  add(person: Person): void;
  remove(person: Person): void;
  /** Claims a nickname's skeleton; false if somebody has it. Given back with `release`. */
  claim(skeleton: string): boolean;
  release(skeleton: string): void;
  /** The person who is called so now. */
  called(skeleton: string): Person | undefined;
}

export function createPeople(): People {
  const byId = new Map<string, Person>();
  const claimed = new Set<string>();
  return {
    byId,
    add(person) {
      byId.set(person.id, person);
    },
    remove(person) {
      if (byId.get(person.id) === person) byId.delete(person.id);
    },
    claim(skeleton) {
      if (claimed.has(skeleton)) return false;
      claimed.add(skeleton);
      return true;
    },
    release(skeleton) {
      claimed.delete(skeleton);
    },
    called(skeleton) {
      if (!claimed.has(skeleton)) return undefined;
      for (const person of byId.values())
        if (person.skeleton === skeleton && !person.departing) return person;
      return undefined;
    },
  };
}
