/**
 * The kinds of value that a key of the config may have. Each knows how to read
 * a value from TOML and from the text of an environment variable, and says in
 * words what it allows. Hand-written rather than a schema library: that one
 * takes longer to load than the whole start may.
 */
import { isIP } from 'node:net';

import { UserError } from '../user-error.ts';
import { parseListener } from './listeners.ts';
import type { Listener } from './listeners.ts';
import { parseRate } from './rate.ts';
import type { Rate } from './rate.ts';

/** What the config file can hold here. */
export type FileValue = number | string | boolean | readonly string[];

/** One key: what stands in the file by default, what it is for, and how it is read. */
export interface Key<T> {
  readonly standard: FileValue;
  readonly about: string;
  /** Completes "must be …". */
  readonly allowed: string;
  /** The value, or undefined if it is not allowed. */
  readonly read: (raw: unknown) => T | undefined;
  /** The text of an environment variable as `read` takes it. */
  readonly fromText: (text: string) => unknown;
}

/** A whole number within bounds, both included. */
export function wholeNumber(
  standard: number,
  min: number,
  max: number,
  unit: string,
  about: string,
): Key<number> {
  return {
    standard,
    about,
    allowed: `a whole number of ${unit} from ${min} to ${max}`,
    read: (raw) =>
      Number.isSafeInteger(raw) && (raw as number) >= min && (raw as number) <= max
        ? (raw as number)
        : undefined,
    fromText: (text) => (/^\d+$/.test(text) ? Number(text) : text),
  };
}

/** A text on one line, at most `max` characters, no control characters. */
export function lineOfText(standard: string, max: number, about: string): Key<string> {
  return {
    standard,
    about,
    allowed: `a text of at most ${max} characters on one line`,
    read: (raw) =>
      typeof raw === 'string' && raw.length <= max && raw.isWellFormed() && !/\p{Cc}/u.test(raw)
        ? raw
        : undefined,
    fromText: asItIs,
  };
}

/** A text for which `check` gives the value. */
export function checkedText<T>(
  standard: string,
  allowed: string,
  about: string,
  check: (text: string) => T | undefined,
): Key<T> {
  return {
    standard,
    about,
    allowed,
    read: (raw) => (typeof raw === 'string' ? check(raw) : undefined),
    fromText: asItIs,
  };
}

/** One of a few words. */
export function oneOf<const W extends string>(words: readonly W[], standard: W, about: string): Key<W> {
  return checkedText(standard, `one of ${quote(words)}`, about, (text) =>
    words.find((word) => word === text),
  );
}

/** One of a few numbers. */
export function oneNumberOf<const N extends number>(
  numbers: readonly N[],
  standard: N,
  unit: string,
  about: string,
): Key<N> {
  return {
    standard,
    about,
    allowed: `one of ${numbers.join(', ')} (${unit})`,
    read: (raw) => numbers.find((number) => number === raw),
    fromText: (text) => (/^\d+$/.test(text) ? Number(text) : text),
  };
}

/** A rate: see `parseRate`. */
export function rate(standard: string, about: string): Key<Rate> {
  const allowed = 'a rate such as "2/s burst 20", "30/min" or "1/30s burst 3"';
  return checkedText(standard, allowed, about, parseRate);
}

/** IP addresses and networks in CIDR notation. */
export function networks(standard: readonly string[], about: string): Key<readonly string[]> {
  return listOf(
    standard,
    'a list of addresses and networks such as ["192.0.2.7", "2001:db8::/32"]',
    about,
    (text) => (isNetwork(text) ? text : undefined),
  );
}

/** Listeners: see `parseListener`. */
export function listeners(standard: readonly string[], about: string): Key<readonly Listener[]> {
  return listOf(
    standard,
    'a list of URLs such as "tcp://[::]:8089"; the schemes are http, tcp, rsa-line and login-byte',
    about,
    (text) => {
      try {
        return parseListener(text);
      } catch (error) {
        if (error instanceof UserError) return undefined;
        throw error;
      }
    },
  );
}

function listOf<T>(
  standard: readonly string[],
  allowed: string,
  about: string,
  check: (text: string) => T | undefined,
): Key<readonly T[]> {
  return {
    standard,
    about,
    allowed,
    read: (raw) => {
      if (!Array.isArray(raw)) return undefined;
      const values = raw.map((item) => (typeof item === 'string' ? check(item) : undefined));
      return values.every((value) => value !== undefined) ? Object.freeze(values) : undefined;
    },
    fromText: (text) => (text.trim() === '' ? [] : text.split(',').map((item) => item.trim())),
  };
}

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  if (prefix === undefined) return true;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
}

function asItIs(text: string): string {
  return text;
}

function quote(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(', ');
}
