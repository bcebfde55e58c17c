/*
 * What others write, made harmless for a terminal. Nothing that passes here
 * can move the cursor, change colours, reach the clipboard, turn the line
 * around, hide, or look like a line of somebody else's.
 */

/**
 * Control characters but TAB, and format characters: bidirectional controls,
 * invisible ones, tags. The joiners U+200C and U+200D stay, for emoji and
 * scripts need them; halves of characters are shown as what they are.
 */
const UNSAFE = /(?![\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}]/gu;

/** Whatever some terminal, reader or standard takes for a line end. */
const LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}

/** One line with everything unsafe as a visible escape such as `\x1b`. Line ends count as unsafe here. */
export function makeVisible(line: string): string {
  return line.replace(UNSAFE, escape).replace(/[\u2028\u2029]/g, escape);
}

/** The lines of a text, each safe to be shown. At least one, which may be empty. */
export function visibleLines(text: string): string[] {
  return text.split(LINE_END).map(makeVisible);
}

/** The same JSON value in characters that are safe to be shown: what JSON leaves as it is, in its own escapes. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
