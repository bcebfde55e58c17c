/**
 * What steers a terminal, breaks a line, or turns or hides what stands around
 * it: controls (C0, DEL, C1), line and paragraph separators, format characters
 * (bidi, zero width, tags) and lone surrogates.
 */
const STEERING = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The text with every such character as a visible escape, `\u{1b}`, so that no name can steer the operator's terminal. */
export function makeOneLine(text: string): string {
  return text.replace(STEERING, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
