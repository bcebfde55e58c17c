/**
 * What may be a nickname or the name of a room. Knows the characters of a name
 * and how they look, and nothing of who has which name.
 *
 * Names stand at the head of lines in the classic protocols and on IRC, so
 * whatever could make such a line look like another is refused, never mended.
 */
import { LIMITS } from '@teahouse/protocol';
import { looksForging, skeletonOf } from './look-alikes/skeleton.ts';

/** A nickname in NFC, with the form it is compared by; or why not, in words for whoever chose it. */
export type NickCheck =
  | { readonly ok: true; readonly nick: string; readonly skeleton: string }
  | { readonly ok: false; readonly code: 'bad_nick'; readonly message: string };

/** A room's name in NFC, with the form it is compared by; or why not. */
export type RoomNameCheck =
  | { readonly ok: true; readonly name: string; readonly skeleton: string }
  | { readonly ok: false; readonly code: 'bad_room'; readonly message: string };

interface NameRules {
  /** How messages call it. */
  readonly what: string;
  readonly graphemes: number;
  /** Of UTF-8, in NFC. */
  readonly bytes: number;
  /** Emoji of several persons or with a trade are held together by a format character. */
  readonly joinedEmoji: boolean;
}

const NICKNAME: NameRules = {
  what: 'A nickname',
  graphemes: LIMITS.nickGraphemes,
  bytes: LIMITS.nickBytes,
  joinedEmoji: false,
};
const ROOM_NAME: NameRules = {
  what: 'A room name',
  graphemes: LIMITS.roomGraphemes,
  bytes: LIMITS.roomBytes,
  joinedEmoji: true,
};

const MARKS_PER_GRAPHEME = 4;
const FORBIDDEN = ': * ! @ , # & ~ + % / \\ < > [ ] " \' `';

const PLAIN = /^[A-Za-z0-9._-]+$/;
const FORBIDDEN_CHARACTER = /[:*!@,#&~+%/\\<>[\]"'`]/u;
// Blank in most fonts though not white space to Unicode: Hangul fillers, the empty Braille cell.
const BLANK = /[\p{White_Space}\u115f\u1160\u3164\uffa0\u2800]/u;
// Controls, format characters, private use, surrogates, unassigned; and what is invisible among the marks.
const UNSEEN = /[\p{C}\u034f\u17b4\u17b5]/u;
const JOINED_EMOJI = /\p{RGI_Emoji_ZWJ_Sequence}/gv;
const MARK = /\p{M}/gu;

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** What is wrong with a name, or null. Given and judged in NFC. */
function findFault(name: string, rules: NameRules): string | null {
  const { what } = rules;
  if (name === '') return `${what} cannot be empty; choose one of 1 to ${rules.graphemes} characters.`;
  if (PLAIN.test(name)) return name.length > rules.graphemes ? tooLong(rules) : null;
  // Before anything slow, so that a line of 64 KiB costs nothing.
  if (Buffer.byteLength(name) > rules.bytes) return tooLong(rules);
  return findBadCharacter(name, rules) ?? findBadGrapheme(name, rules);
}

function tooLong(rules: NameRules): string {
  return `${rules.what} has at most ${rules.graphemes} characters and ${rules.bytes} bytes; choose a shorter one.`;
}

function findBadCharacter(name: string, { what, joinedEmoji }: NameRules): string | null {
  if (BLANK.test(name))
    return `${what} cannot have spaces in it or around it; use a hyphen or nothing instead.`;
  const visible = joinedEmoji ? name.replace(JOINED_EMOJI, '') : name;
  if (UNSEEN.test(visible))
    return `${what} cannot have invisible or unassigned characters in it; type it anew without them.`;
  // Full-width and other forms of a forbidden character look like it in a line of the classic protocols.
  const folded = name.normalize('NFKC');
  if (FORBIDDEN_CHARACTER.test(folded) || looksForbidden(name))
    return `${what} cannot have any of ${FORBIDDEN} in it, nor what looks like them; leave them out.`;
  // `¨` and its like are a space that carries a mark.
  if (BLANK.test(folded)) return `${what} cannot have accents that stand alone; leave them out.`;
  return null;
}

/** A colon ends the name in a line of the classic protocols and a star is their server: so nothing that looks like those. Marks stay: Hindi writes one like a colon. */
function looksForbidden(name: string): boolean {
  for (const character of name) if (looksForging(character)) return true;
  return false;
}

function findBadGrapheme(name: string, rules: NameRules): string | null {
  if (/^\p{M}/u.test(name)) return `${rules.what} cannot begin with an accent; put a letter before it.`;
  let graphemes = 0;
  for (const { segment } of segmenter.segment(name)) {
    graphemes++;
    const marks = segment.match(MARK)?.length ?? 0;
    if (marks > MARKS_PER_GRAPHEME)
      return `${rules.what} has at most ${MARKS_PER_GRAPHEME} accents on one character; use fewer.`;
  }
  return graphemes > rules.graphemes ? tooLong(rules) : null;
}

/** Too long for any normal form to fit. Asked before normalising, which takes seconds for thousands of marks on one letter. */
function cannotFit(raw: string, rules: NameRules): boolean {
  return raw.length > rules.bytes * 4;
}

const RESERVED = new Set(['server', 'system', 'admin', 'root'].map(skeletonOf));
const SERVICE_ENDING = skeletonOf('serv');

/** Whether a nickname may be had at all, and the form in which it is taken. White space around it is refused, not trimmed: front ends that trim do so before. */
export function checkNick(raw: string): NickCheck {
  if (cannotFit(raw, NICKNAME)) return { ok: false, code: 'bad_nick', message: tooLong(NICKNAME) };
  const nick = raw.normalize('NFC');
  const fault = findFault(nick, NICKNAME);
  if (fault !== null) return { ok: false, code: 'bad_nick', message: fault };
  const skeleton = skeletonOf(nick);
  if (RESERVED.has(skeleton) || skeleton.endsWith(SERVICE_ENDING)) {
    return {
      ok: false,
      code: 'bad_nick',
      message: "This nickname looks like one of the server's own; choose another.",
    };
  }
  return { ok: true, nick, skeleton };
}

/** Whether a room may be called this, and the form in which the name is taken. */
export function checkRoomName(raw: string): RoomNameCheck {
  if (cannotFit(raw, ROOM_NAME)) return { ok: false, code: 'bad_room', message: tooLong(ROOM_NAME) };
  const name = raw.normalize('NFC');
  const fault = findFault(name, ROOM_NAME);
  if (fault !== null) return { ok: false, code: 'bad_room', message: fault };
  return { ok: true, name, skeleton: skeletonOf(name) };
}
