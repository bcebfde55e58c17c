/**
 * Which names look the same. Knows characters only: nothing of who has which
 * name, of what a name may hold (`names.ts`), or of rooms. How the table came
 * about is told in `build.ts`.
 */
import { readFileSync } from 'node:fs';

export interface Table {
  /** For each folded character that has look-alikes, the text it stands as in a skeleton. */
  readonly standIns: Readonly<Record<string, string>>;
  /** Characters that look like a colon or a star, marks aside. */
  readonly forging: string;
}

/** Where the table is kept. */
export const TABLE_FILE = new URL('./table.json', import.meta.url);

const table = JSON.parse(readFileSync(TABLE_FILE, 'utf8')) as Table;
const standIns: ReadonlyMap<string, string> = new Map(Object.entries(table.standIns));
const forging: ReadonlySet<string> = new Set(table.forging);

/** Full case folding of one character: `ẞ` and `ß` become `ss`, `ς` and `Σ` become `σ`. */
export function foldCase(character: string): string {
  return character.toLowerCase().toUpperCase().toLowerCase();
}

export const decompose = (text: string): string => text.normalize('NFKD');

/** Whether a character looks like the colon that ends a name on the classic protocols, or the star that is their server. */
export function looksForging(character: string): boolean {
  return forging.has(character);
}

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
// A dot over what has one anyway: `İ` folds to an i and this dot.
const DOT_OVER_DOTTED = /(?<=[lj])\u0307+/g;

/**
 * The form that names are compared by: equal means that one looks like the
 * other, so the name is taken. Stable: the skeleton of a skeleton is itself.
 * It is for comparing only; it is not a name and is shown to nobody.
 */
export function skeletonOf(name: string): string {
  let skeleton = '';
  for (const character of decompose(name).replace(INVISIBLE, '')) {
    for (const folded of decompose(foldCase(character))) skeleton += standIns.get(folded) ?? folded;
  }
  return decompose(skeleton).replace(DOT_OVER_DOTTED, '');
}
