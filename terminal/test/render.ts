/*
 * As much of a terminal as is needed to see what stands on its screen: text,
 * line ends, and the control sequences that a line editor uses. Anything else
 * is a failure, as it should not come.
 */
const CONTROL = /\x1b\[(\d*)(?:;\d+)*([A-Za-z])|\r|\n|\x07|./gsu; // oxlint-disable-line no-control-regex -- it is what a terminal reads

/** The rows on the screen of a terminal with so many columns after this output, as text without colours. */
export function render(output: string, columns: number): string[] {
  const rows: string[][] = [[]];
  let [y, x] = [0, 0];

  function put(character: string): void {
    if (x >= columns) [y, x] = [y + 1, 0];
    while (rows.length <= y) rows.push([]);
    const row = rows[y]!;
    while (row.length < x) row.push(' ');
    row[x++] = character;
  }

  function obey(count: number, letter: string): void {
    if (letter === 'A') y = Math.max(0, y - count);
    else if (letter === 'B') y += count;
    else if (letter === 'C') x = Math.min(columns - 1, x + count);
    else if (letter === 'D') x = Math.max(0, Math.min(x, columns - 1) - count);
    else if (letter === 'G') x = count - 1;
    else if (letter === 'J') {
      rows[y]?.splice(x);
      rows.splice(y + 1);
    } else if (letter === 'K') rows[y]?.splice(x);
    else if (letter !== 'm') throw new Error(`a control sequence that is not expected: ${letter}`);
  }

  for (const [whole, count = '', letter] of output.matchAll(CONTROL)) {
    if (letter !== undefined) obey(count === '' ? 1 : Number(count), letter);
    else if (whole === '\r') x = 0;
    else if (whole === '\n') y += 1;
    else put(whole);
    while (rows.length <= y) rows.push([]);
  }
  return rows.map((row) => row.join('').trimEnd());
}
