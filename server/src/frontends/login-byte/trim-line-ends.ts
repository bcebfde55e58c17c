const isLineEnd = (code: number): boolean => code === 10 || code === 13;

/** The text without the line ends before and behind it. A loop: as an expression it takes quadratic time over inner ones. */
export function trimLineEnds(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isLineEnd(text.charCodeAt(start))) start += 1;
  while (end > start && isLineEnd(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
