/**
 * Cuts a stream of bytes into lines (LF or CRLF) of UTF-8. A line of more than `most`
 * bytes is given up: `tooLong` is called once, and nothing is read after it.
 */
export function createLineReader(
  most: number,
  line: (text: string) => void,
  tooLong: () => void,
): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let held = 0;
  let over = false;

  function take(part: Buffer): void {
    const whole = parts.length === 0 ? part : Buffer.concat([...parts, part]);
    parts = [];
    held = 0;
    const end = whole.at(-1) === 0x0d ? whole.length - 1 : whole.length;
    if (end > 0) line(whole.toString('utf8', 0, end));
  }

  return (chunk) => {
    let start = 0;
    while (!over) {
      const end = chunk.indexOf(0x0a, start);
      const length = (end < 0 ? chunk.length : end) - start;
      if (held + length > most) {
        over = true;
        parts = [];
        tooLong();
      } else if (end >= 0) {
        take(chunk.subarray(start, end));
        start = end + 1;
      } else {
        if (length > 0) parts.push(chunk.subarray(start));
        held += length;
        // A byte at a time must not cost an object a byte.
        if (parts.length > 64) parts = [Buffer.concat(parts)];
        return;
      }
    }
  };
}
