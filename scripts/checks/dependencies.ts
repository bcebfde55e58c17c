/** Every dependency has its reason in `docs/dependencies.md`, and what stands there is used. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Manifest = Partial<
  Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Record<string, string>>
>;

/** Dependencies without a line of why, and lines without a dependency. */
export function findDependencyFaults(root: string): string[] {
  const manifests = globSync(
    ['package.json', '{protocol,server,web,terminal,bench}/package.json', 'clients/*/package.json'],
    { cwd: root },
  );
  const used = new Set<string>();
  for (const manifest of manifests) {
    const read = JSON.parse(readFileSync(join(root, manifest), 'utf8')) as Manifest;
    for (const part of [read.dependencies, read.devDependencies, read.optionalDependencies]) {
      for (const name of Object.keys(part ?? {})) if (!name.startsWith('@teahouse/')) used.add(name);
    }
  }
  const page = readFileSync(join(root, 'docs/dependencies.md'), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  const explained = new Set(
    rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''),
    ),
  );
  return [
    ...[...used.difference(explained)].map((name) => `docs/dependencies.md does not say why ${name}`),
    ...[...explained.difference(used)].map(
      (name) => `docs/dependencies.md explains ${name}, which no package.json has`,
    ),
  ];
}
