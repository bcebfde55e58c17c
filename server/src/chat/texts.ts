/**
 * What may be said: the text of a message or an edit, and a room's topic.
 * Texts are kept as they were written but for CRLF, which becomes LF. What
 * cannot be stored or sent on whole is refused, never repaired. Control
 * characters stay; whoever shows a text makes them visible.
 */
import { LIMITS } from '@teahouse/protocol';

/** The text as it is stored; or why not, in words for whoever wrote it. */
export type TextCheck =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: 'bad_request' | 'too_long'; readonly message: string };

function refuse(message: string): TextCheck {
  return { ok: false, code: 'bad_request', message };
}

/** Bytes of UTF-8 are counted only where they might be too many: a UTF-16 unit is three at most. */
function isLonger(text: string, bytes: number): boolean {
  return text.length * 3 > bytes && (text.length > bytes || Buffer.byteLength(text) > bytes);
}

function tooLong(what: string, text: string, limit: number): TextCheck {
  return {
    ok: false,
    code: 'too_long',
    message: `${what} is ${Buffer.byteLength(text)} bytes long; the limit is ${limit}. Shorten it or send it in parts.`,
  };
}

/** A text begins with something visible, nearly always; only else is it looked through. */
function isBlank(text: string): boolean {
  const first = text.charCodeAt(0);
  return !(first > 0x20 && first < 0x7f) && text.trim() === '';
}

/** Whether this may be said. `textBytes` is counted in UTF-8, after CRLF became LF. Runs for every message. */
export function checkText(raw: string, limits: { readonly textBytes: number }): TextCheck {
  if (!raw.isWellFormed())
    return refuse('The text has half of a character (a lone surrogate) in it; send whole characters.');
  if (raw.includes('\0')) return refuse('The text has a NUL character in it; leave it out.');
  const text = raw.includes('\r\n') ? raw.replaceAll('\r\n', '\n') : raw;
  if (isBlank(text)) return refuse('The text is empty; write something.');
  if (isLonger(text, limits.textBytes)) return tooLong('The text', text, limits.textBytes);
  return { ok: true, text };
}

const LINE_END = /[\n\v\f\r\u0085\u2028\u2029]/;

/** Whether a room may have this topic: one line, at most 1 KiB of UTF-8. An empty one takes the topic away. */
export function checkTopic(raw: string): TextCheck {
  if (!raw.isWellFormed())
    return refuse('The topic has half of a character (a lone surrogate) in it; send whole characters.');
  if (raw.includes('\0')) return refuse('The topic has a NUL character in it; leave it out.');
  if (LINE_END.test(raw)) return refuse('A topic is one line; leave the line ends out.');
  if (isLonger(raw, LIMITS.topicBytes)) return tooLong('The topic', raw, LIMITS.topicBytes);
  return { ok: true, text: raw };
}
