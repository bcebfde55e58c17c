/** The licences of everything that is installed, as the lockfile names them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Licences that ask for no more than a notice, and MPL-2.0, which covers only
 * the files under it: a tool of the page's build that we do not change.
 */
const ALLOWED = [
  'MIT',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'MPL-2.0',
];

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly license?: string; readonly link?: boolean }>>;
}

/** Packages under a licence that is not allowed, or under none. */
export function findLicenceFaults(root: string): string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lockfile;
  return Object.entries(packages)
    .filter(([, { license = 'none', link = false }]) => !link && !ALLOWED.includes(license))
    .map(([path, { license }]) => `${path}: licence ${license ?? 'not named'}`);
}
