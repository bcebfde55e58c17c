/**
 * The config of the server: one table of keys (`keys.ts`), read once at start
 * from flags, environment and a TOML file, in this order of weight, checked,
 * and frozen. It knows nothing of what the values do.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse, TomlError } from 'smol-toml';

import { UserError } from '../user-error.ts';
import type { Key } from './key.ts';
import { KEYS } from './keys.ts';
import { keepLocal, parseListener } from './listeners.ts';

export type { Listener, Scheme } from './listeners.ts';
export type { Rate } from './rate.ts';

type Table = typeof KEYS;
type ValueOf<K> = K extends Key<infer T> ? T : never;

/** The config, complete and frozen. What each key means stands in `keys.ts` and `docs/teahouse.example.toml`. */
export type Config = {
  readonly [S in keyof Table]: { readonly [K in keyof Table[S]]: ValueOf<Table[S][K]> };
};

/** Where the config comes from. */
export interface ConfigSources {
  /** The file of `--config`; without it `teahouse.toml` in the data folder, if it is there. */
  readonly file?: string | undefined;
  readonly dataFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The URLs of `--listen`; given at all they replace every other listener. */
  readonly listen?: readonly string[] | undefined;
  /** `--local`: listen on loopback only. */
  readonly local?: boolean | undefined;
}

/** What comes from one place: values as TOML has them, by section and key. */
interface Layer {
  readonly at: (section: string, key: string) => string;
  readonly values: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Every key at its default. */
export const DEFAULTS: Config = resolve([]);

/** Reads and checks the config. Throws a `UserError` that names place, key and what is allowed. */
export function readConfig(sources: ConfigSources): Config {
  const config = resolve([environmentLayer(sources.env), fileLayer(sources)]);
  const listen = sources.listen?.length ? sources.listen.map(parseListener) : config.server.listen;
  const kept = sources.local === true ? listen.map(keepLocal) : listen;
  return Object.freeze({
    ...config,
    server: Object.freeze({ ...config.server, listen: Object.freeze(kept) }),
  });
}

/** The environment variable of a key: `limits.lineBytes` is `TEAHOUSE_LIMITS_LINE_BYTES`. */
export function environmentName(section: string, key: string): string {
  return `TEAHOUSE_${section}_${key.replace(/[A-Z]/g, '_$&')}`.toUpperCase();
}

/** Takes each key from the first layer that has it, or its default. */
function resolve(layers: readonly Layer[]): Config {
  const config: Record<string, Record<string, unknown>> = {};
  for (const [section, keys] of Object.entries(KEYS)) {
    const values: Record<string, unknown> = {};
    for (const [name, key] of Object.entries<Key<unknown>>(keys)) {
      const layer = layers.find(({ values: given }) => given[section]?.[name] !== undefined);
      const raw = layer ? layer.values[section]?.[name] : key.standard;
      const value = key.read(raw);
      if (value === undefined) {
        throw new UserError(
          `${layer?.at(section, name) ?? name} is ${show(raw)}, but must be ${key.allowed}.`,
        );
      }
      values[name] = value;
    }
    config[section] = Object.freeze(values);
  }
  // The loop above fills exactly the sections and keys of the table.
  return Object.freeze(config) as unknown as Config;
}

function environmentLayer(env: ConfigSources['env']): Layer {
  const known = new Map<string, { section: string; name: string; key: Key<unknown> }>();
  for (const [section, keys] of Object.entries(KEYS)) {
    for (const [name, key] of Object.entries<Key<unknown>>(keys))
      known.set(environmentName(section, name), { section, name, key });
  }
  const values: Record<string, Record<string, unknown>> = {};
  for (const [variable, text] of Object.entries(env)) {
    if (text === undefined) continue;
    const place = known.get(variable);
    if (place) (values[place.section] ??= {})[place.name] = place.key.fromText(text);
    else if (ofSection(variable))
      throw new UserError(
        `The environment variable ${variable} is no key of the config${suggest(variable, known.keys())}`,
      );
  }
  return { at: (section, name) => `The environment variable ${environmentName(section, name)}`, values };
}

/** Other programs may have names of their own in `TEAHOUSE_…`; those of our sections are ours. */
function ofSection(variable: string): boolean {
  return Object.keys(KEYS).some((section) => variable.startsWith(`TEAHOUSE_${section.toUpperCase()}_`));
}

function fileLayer({ file, dataFolder }: ConfigSources): Layer {
  const path = file ?? join(dataFolder, 'teahouse.toml');
  const text = readText(path, file !== undefined);
  const values = text === undefined ? {} : parseToml(path, text);
  for (const [section, content] of Object.entries(values)) checkSection(path, section, content);
  return { at: (section, name) => `${path}: ${section}.${name}`, values: values as Layer['values'] };
}

function checkSection(path: string, section: string, content: unknown): void {
  const keys: Readonly<Record<string, unknown>> | undefined = Object.hasOwn(KEYS, section)
    ? KEYS[section as keyof Table]
    : undefined;
  if (!keys)
    throw new UserError(
      `${path}: [${section}] is no section of the config${suggest(section, Object.keys(KEYS))}`,
    );
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new UserError(
      `${path}: ${section} is a section; write [${section}] on a line of its own and its keys below.`,
    );
  }
  for (const name of Object.keys(content)) {
    if (!Object.hasOwn(keys, name))
      throw new UserError(
        `${path}: ${section}.${name} is no key of the config${suggest(name, Object.keys(keys))}`,
      );
  }
}

function readText(path: string, required: boolean): string | undefined {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if ((code === 'ENOENT' || code === 'ENOTDIR') && !required) return undefined;
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`;
    throw new UserError(`The config file ${path} ${why}; give a file that this user may read.`);
  }
}

function parseToml(path: string, text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split('\n', 1)[0]?.replace(/^Invalid TOML document: /, '');
    throw new UserError(`${path}, line ${error.line}, column ${error.column}: this is not TOML (${reason}).`);
  }
}

/** The value as it may stand in a sentence: short, and without control characters. */
function show(raw: unknown): string {
  const text = JSON.stringify(raw) ?? String(raw);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Names the nearest word, if one is near: `; did you mean …?` */
function suggest(wrong: string, words: Iterable<string>): string {
  const near = [...words]
    .map((word) => ({ word, distance: editDistance(wrong.toLowerCase(), word.toLowerCase()) }))
    .filter(({ distance }) => distance <= 3);
  const [best] = near.toSorted((a, b) => a.distance - b.distance);
  return best ? `; did you mean ${best.word}?` : '; docs/teahouse.example.toml lists them all.';
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
