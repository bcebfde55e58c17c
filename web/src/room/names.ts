/** How many hues people's names take; style/tokens.css has them. */
const HUES = 12;

/** The hue of a name: the same name has the same hue everywhere (FNV-1a, its bits mixed once more: short names differ in few of them). */
export function hueOf(nick: string): number {
  let hash = 0x811c9dc5;
  for (const char of nick) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % HUES;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** What stands in a person's avatar: the first character, as people count them. */
export function initialOf(nick: string): string {
  for (const { segment } of graphemes.segment(nick)) return segment.toUpperCase();
  return '';
}
