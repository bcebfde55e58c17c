/** Puts colours round words, or leaves them as they are. What is given must be safe already. */
export interface Colours {
  name(nick: string): string;
  muted(words: string): string;
  warning(words: string): string;
}

/** Twelve hues that are about as light as each other, in the 256 colours of xterm, neither red nor the green of one's own. */
const HUES = [67, 68, 73, 97, 98, 103, 133, 137, 138, 139, 143, 172];
/** What comes nearest with 16: yellow, blue, magenta, cyan. */
const FEW = [33, 34, 35, 36];

/** The same number for the same name, everywhere (FNV-1a). */
function hash(name: string): number {
  let sum = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0;
  return sum;
}

const wrap = (code: string, words: string) => `\x1b[${code}m${words}\x1b[0m`;
const pick = (list: readonly number[], name: string) => list[hash(name) % list.length];

/** Colours for a terminal of so many bits: 1 is none, 4 is 16 colours, 8 and more are 256. */
export function createColours(bits: number): Colours {
  if (bits < 4) return { name: (nick) => nick, muted: (words) => words, warning: (words) => words };
  if (bits < 8) {
    return {
      name: (nick) => wrap(`${pick(FEW, nick)}`, nick),
      muted: (words) => wrap('2', words),
      warning: (words) => wrap('33', words),
    };
  }
  return {
    name: (nick) => wrap(`38;5;${pick(HUES, nick)}`, nick),
    muted: (words) => wrap('38;5;245', words),
    warning: (words) => wrap('38;5;172', words),
  };
}
