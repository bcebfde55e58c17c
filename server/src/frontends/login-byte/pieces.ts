/** The original client takes one `recv(1024)` as one message. */
export const PIECE_BYTES = 1_024;
/** Stands between the pieces of one message; no text has it. */
export const BETWEEN_PIECES = '\0';
/** Characters looked at behind a cut, to see whether it is within a grapheme. */
const LOOK_AHEAD = 64;

const encoder = new TextEncoder();
const scratch = new Uint8Array(PIECE_BYTES);
const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * A message as pieces of at most 1,024 bytes, each with `name\n` before its
 * text: whoever reads one alone knows whose it is. Cut between graphemes, or
 * between code points where a grapheme alone is too long.
 */
export function cutPieces(name: string, text: string): string[] {
  const head = `${name}\n`;
  const room = scratch.subarray(0, PIECE_BYTES - Buffer.byteLength(head));
  const pieces: string[] = [];
  let rest = text;
  do {
    const { read } = encoder.encodeInto(rest, room);
    const end = read === rest.length ? read : findCut(rest, read);
    pieces.push(head + rest.slice(0, end));
    rest = rest.slice(end);
  } while (rest !== '');
  return pieces;
}

/** The last place up to `most` where the text may be cut. */
function findCut(text: string, most: number): number {
  const start = segmenter.segment(text.slice(0, most + LOOK_AHEAD)).containing(most)?.index ?? most;
  return start === 0 ? most : start;
}

/** The piece as bytes; padded, it fills a `recv(1024)` by itself, so that the next one is not read with it. */
export function encodePiece(piece: string, isPadded: boolean): Buffer {
  if (!isPadded) return Buffer.from(piece);
  const bytes = Buffer.alloc(PIECE_BYTES, ' ');
  bytes.write(piece);
  return bytes;
}
