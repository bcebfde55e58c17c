/**
 * Holds the import table of ARCHITECTURE.md and the sizes of files. What a file
 * imports is read from its statements: plain and dynamic imports, types,
 * exports from elsewhere, and the files that it starts as threads.
 */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, test } from 'node:test';

const root = join(import.meta.dirname, '../..');

/** Files over 300 lines, each with the reason why it is not split. At most three. */
const LONG_FILES: Readonly<Record<string, string>> = {};

/** What our packages' names stand for. */
const PACKAGES: Readonly<Record<string, string>> = {
  '@teahouse/protocol': 'protocol/src/index.ts',
  '@teahouse/protocol/validators': 'protocol/generated/validators.ts',
  '@teahouse/protocol/server-messages': 'protocol/src/server-messages.ts',
  '@teahouse/client': 'clients/typescript/src/index.ts',
  '@teahouse/client/node': 'clients/typescript/src/node.ts',
  '@teahouse/terminal': 'terminal/src/index.ts',
};

const PROTOCOL = 'protocol/src/index.ts';
const TRANSPORT = 'server/src/transport/';
const CHAT = 'server/src/chat/index.ts';
const PORT = 'server/src/store/port.ts';
const LIMITS = 'server/src/limits/';
/** What the two classic protocols share. */
const CLASSIC = 'server/src/frontends/classic/index.ts';
const CLIENT = 'clients/typescript/src/';

/**
 * What the files under a path may import of the house besides what lies under
 * that path too. The first row that fits a file counts, and every file has one.
 * `types of X`: only what leaves nothing at run time.
 */
const TABLE: readonly (readonly [path: string, allowed: readonly string[]])[] = [
  ['protocol/', []],
  [PORT, [`types of ${PROTOCOL}`]],
  [
    'server/src/store/sqlite/',
    [PORT, 'server/src/store/page-rules.ts', 'server/src/store/clock.ts', PROTOCOL],
  ],
  ['server/src/store/', [PROTOCOL]],
  [TRANSPORT, [LIMITS]],
  [LIMITS, []],
  ['server/src/chat/', [PROTOCOL, PORT, LIMITS]],
  ['server/src/frontends/native/', [CHAT, TRANSPORT, LIMITS, PROTOCOL, 'protocol/generated/validators.ts']],
  ['server/src/frontends/http/', [CHAT, TRANSPORT, LIMITS, PROTOCOL]],
  ['server/src/frontends/classic/', [CHAT, TRANSPORT, LIMITS]],
  ['server/src/frontends/rsa-line/', [CHAT, TRANSPORT, LIMITS, CLASSIC]],
  ['server/src/frontends/login-byte/', [CHAT, TRANSPORT, LIMITS, CLASSIC]],
  ['server/src/data-folder/', ['server/src/user-error.ts', 'server/src/config/config.ts']],
  ['server/src/console/', ['server/src/config/']],
  ['server/src/config/', ['server/src/user-error.ts', LIMITS, PROTOCOL]],
  // The composition root and the commands see everything.
  ['server/src/', ['']],
  ['server/bin/', ['server/src/cli/']],
  // Types and a few constants; the decoders weigh too much for a browser.
  [CLIENT, [PROTOCOL]],
  ['web/', ['clients/typescript/src/index.ts', `types of ${PROTOCOL}`]],
  ['terminal/', [CLIENT, `types of ${PROTOCOL}`]],
  ['bench/', [`types of ${PROTOCOL}`]],
  ['scripts/', []],
];

interface Import {
  readonly file: string;
  /** A path from the root. */
  readonly target: string;
  readonly typeOnly: boolean;
}

const STATEMENT = /^\s*(?:import|export)\s(type\s)?[^'"`;]*?from\s*['"]([^'"]+)['"]/gm;
const SIDE_EFFECT = /^\s*import\s*['"]([^'"]+)['"]/gm;
const AT_RUN_TIME = /(?:\bimport\s*\(|\bimport\.meta\.resolve\()\s*['"`]([^'"`]+)['"`]/g;
const STARTED = /\bnew URL\(\s*['"`]([^'"`]+\.(?:ts|js))['"`]/g;

/** Imports of the house that a source text holds; packages from elsewhere are left out. */
function readImports(file: string, source: string): Import[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '');
  const found = [
    ...[...code.matchAll(STATEMENT)].map(([, type, name = '']) => ({ name, typeOnly: type !== undefined })),
    ...[...code.matchAll(SIDE_EFFECT)].map(([, name = '']) => ({ name, typeOnly: false })),
    ...[...code.matchAll(STARTED)].map(([, name = '']) => ({ name, typeOnly: false })),
    ...[...code.matchAll(AT_RUN_TIME)].map(([, name = '']) => ({ name, typeOnly: false })),
  ];
  return found.flatMap(({ name, typeOnly }) => {
    if (name.startsWith('.')) return [{ file, target: posix.join(dirname(file), name), typeOnly }];
    const target = PACKAGES[name];
    if (target !== undefined) return [{ file, target, typeOnly }];
    return /^(?:@teahouse\/|teahouse(?:\/|$))/.test(name) ? [{ file, target: name, typeOnly }] : [];
  });
}

/** Why an import is against the table, or undefined. */
function findFault({ file, target, typeOnly }: Import): string | undefined {
  const row = TABLE.find(([path]) => file.startsWith(path));
  if (row === undefined) return `${file} has no row in the table`;
  const [own, allowed] = row;
  if (own.endsWith('/') && target.startsWith(own)) return undefined;
  const fits = allowed.some((rule) => {
    const types = rule.startsWith('types of ');
    return target.startsWith(types ? rule.slice('types of '.length) : rule) && (!types || typeOnly);
  });
  return fits ? undefined : `${file} imports ${target}${typeOnly ? ' (types)' : ''}`;
}

const FOLDERS = '{protocol,server,clients/*,web,terminal,bench,scripts}';
const files = globSync(`${FOLDERS}/**/*.{ts,tsx,js}`, {
  cwd: root,
  exclude: ['**/node_modules/**', '**/dist/**', '**/generated/**'],
});
const sources = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
const isTest = (file: string) => /\.(?:test|spec)\.tsx?$|\/test\/|playwright|\/contract\//.test(file);

describe('architecture', () => {
  test('every import is one that the table allows', () => {
    const imports = [...sources]
      .filter(([file]) => !isTest(file))
      .flatMap(([file, source]) => readImports(file, source));
    assert.ok(imports.length > 100, 'the imports are found');
    assert.deepEqual(
      imports.map(findFault).filter((fault) => fault !== undefined),
      [],
    );
  });

  test('an import against the table is found, however it is written', () => {
    const planted = [
      `import { x } from '../store/sqlite/writer.ts';`,
      `import type { X } from '../frontends/native/index.ts';`,
      `import {\n  x,\n  type Y,\n} from '../transport/index.ts';`,
      `export * from '../main.ts';`,
      `import '../config/config.ts';`,
      `const x = await import('../cli/serve.ts');`,
      `new Worker(new URL('../store/sqlite/writer.ts', import.meta.url));`,
      `import { checkRequest } from '@teahouse/protocol/validators';`,
    ];
    for (const line of planted) {
      const found = readImports('server/src/chat/planted.ts', line);
      assert.equal(found.length, 1, line);
      assert.equal(typeof findFault(found[0] as Import), 'string', line);
    }
    const types = readImports('web/src/planted.ts', `import { LIMITS } from '@teahouse/protocol';`);
    assert.equal(typeof findFault(types[0] as Import), 'string', 'a value where only types are allowed');
  });

  test('files have a median of less than 100 lines, and none more than 300 but those that are named', () => {
    const lengths = [...sources].map(([file, source]) => [file, source.split('\n').length - 1] as const);
    const sorted = lengths.map(([, length]) => length).toSorted((a, b) => a - b);
    const median = sorted[sorted.length >> 1] ?? 0;
    assert.ok(median < 100, `the median is ${median}`);
    const long = lengths.filter(([, length]) => length > 300).map(([file]) => file);
    assert.deepEqual(long.toSorted(), Object.keys(LONG_FILES).toSorted());
    assert.ok(long.length <= 3);
  });
});
