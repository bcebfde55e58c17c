/** So many a second on the long run, and so many at once after a quiet while. */
export interface Rate {
  /** Refill, in units a second; may be a fraction. */
  readonly perSecond: number;
  /** What a full bucket holds, in units; at least 1. */
  readonly burst: number;
}

const SECONDS = { s: 1, min: 60, h: 3600 } as const;
const SHAPE = /^(\d{1,6})\/(\d{1,4})?(s|min|h)(?: burst (\d{1,6}))?$/;

/**
 * Reads `"2/s burst 20"`, `"1/30s burst 3"`, `"30/min burst 40"`; without a
 * burst it is the count itself. Undefined if the text is none.
 */
export function parseRate(text: string): Rate | undefined {
  const match = SHAPE.exec(text.trim());
  if (!match) return undefined;
  const count = Number(match[1]);
  const every = match[2] === undefined ? 1 : Number(match[2]);
  const burst = match[4] === undefined ? count : Number(match[4]);
  if (count < 1 || every < 1 || burst < 1) return undefined;
  return { perSecond: count / (every * SECONDS[match[3] as keyof typeof SECONDS]), burst };
}
