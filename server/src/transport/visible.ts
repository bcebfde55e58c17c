/**
 * Text for a terminal or a line of somebody else's protocol: what would move
 * the cursor, change colours or turn the line around is shown as an escape
 * instead, and every character that some reader takes for a line end is one.
 */

// C0 but tab and line feed, DEL, C1; embeddings, overrides and isolates of the
// bidirectional algorithm: balanced ones too, for a line may be cut within.
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const UNSAFE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

function escape(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
}

/**
 * The text with control characters (save LF and tab) and bidirectional
 * controls as visible escapes such as `\x1b` and `\u202e`.
 */
export function makeVisible(text: string): string {
  return text.replace(UNSAFE, escape);
}

const LINE_END = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;

/**
 * The lines of a text, without their ends: LF, CR, CRLF, VT, FF, U+0085, U+2028
 * and U+2029 all end one. At least one line, which may be empty. To be done
 * before `makeVisible`, which leaves no other end than LF, U+2028 and U+2029.
 */
export function splitLines(text: string): string[] {
  return text.split(LINE_END);
}
