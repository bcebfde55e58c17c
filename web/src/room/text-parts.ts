/** A piece of a message: plain text, or an address that can be opened. */
export type TextPart =
  | { is: 'text'; text: string }
  | { is: 'link'; text: string; href: string; realHost?: string };

const SCHEME = /https?:\/\/|mailto:/gi;
/** What no address contains as people write them: white space, controls, quotes, angle brackets and East Asian punctuation. */
const STOP = /[\s\p{Cc}\p{Cf}<>"`“”‘’«»，。；：！？、…《》〈〉「」『』【】〖〗〔〕]/u;
const OPENING = '([{（';
const CLOSING = ')]}）';
const TRAILING = /[.,;:!?'*_~]+$/;
/** Longer ones are nobody's address. */
const MAX_ADDRESS = 2_048;

/** A host that begins in ASCII ends where ASCII does: in `https://a.cn很好` the sentence goes on after it. */
const ASCII_HOST = /https?:\/\/[a-z0-9.-]+(?![a-z0-9.\-:/?#@])/iy;

/** The end of the address that starts at `start`: brackets belong to it if they were opened in it. */
function endOfAddress(text: string, start: number): number {
  ASCII_HOST.lastIndex = start;
  if (ASCII_HOST.test(text)) return ASCII_HOST.lastIndex;
  const open: string[] = [];
  let end = start;
  for (const char of text.slice(start, start + MAX_ADDRESS)) {
    if (STOP.test(char)) break;
    if (OPENING.includes(char)) open.push(char);
    const closes = CLOSING.indexOf(char);
    if (closes >= 0 && open.pop() !== OPENING[closes]) break;
    end += char.length;
  }
  return end;
}

/** The host as it really is, where its letters could pass for others. */
function hostInDisguise(url: URL): string | undefined {
  if (!url.hostname.split('.').some((label) => label.startsWith('xn--'))) return undefined;
  return url.hostname;
}

const EAST_ASIAN = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+$/u;

function toLink(address: string): TextPart | null {
  const url = URL.parse(address);
  if (url === null || !['http:', 'https:', 'mailto:'].includes(url.protocol)) return null;
  if (url.protocol === 'mailto:')
    return /^[^@\s]+@[^@\s]+$/.test(url.pathname) ? { is: 'link', text: address, href: url.href } : null;
  // https://bank.example@evil.example/ looks like what it is not.
  if (url.hostname === '' || url.username !== '' || url.password !== '') return null;
  const shownHost = /^https?:\/\/([^/?#:]*)/i.exec(address)?.[1] ?? '';
  const honest = shownHost
    .split('.')
    .every((label) => /^[\x21-\x7e]*$/.test(label) || EAST_ASIAN.test(label));
  const realHost = honest ? undefined : hostInDisguise(url);
  return { is: 'link', text: address, href: url.href, ...(realHost === undefined ? {} : { realHost }) };
}

/**
 * Splits a message into plain text and addresses. Only http, https and mailto
 * written out are addresses. Takes time in proportion to the text's length.
 */
export function splitText(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let done = 0;
  /** Up to here every character belongs to an address, or to what was tried as one: none is looked at twice. */
  let tried = 0;
  for (const match of text.matchAll(SCHEME)) {
    const start = match.index;
    if (start < tried || /[a-z0-9]/i.test(text[start - 1] ?? '')) continue;
    const address = text.slice(start, endOfAddress(text, start)).replace(TRAILING, '');
    const link = address.length > match[0].length ? toLink(address) : null;
    tried = start + Math.max(address.length, match[0].length);
    if (link === null) continue;
    if (start > done) parts.push({ is: 'text', text: text.slice(done, start) });
    parts.push(link);
    done = start + address.length;
  }
  if (done < text.length) parts.push({ is: 'text', text: text.slice(done) });
  return parts;
}

/** Controls, but for line ends and tabs, as something one can see. */
export function showControls(text: string): string {
  return text.replace(/[\p{Cc}]/gu, (char) => {
    if (char === '\n' || char === '\t') return char;
    const code = char.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '␡' : `\\x${code.toString(16)}`;
  });
}
