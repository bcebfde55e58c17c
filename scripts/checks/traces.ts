/** Traces of the machine it was made on, in what is committed: they work nowhere else. */
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, sep } from 'node:path';

/** Where else a package may have come from than from the registry that the reader's npm knows. */
const REGISTRY = /https?:\/\/[^\s"'/]*(?:registry|artifactory|nexus|verdaccio|npm-proxy)[^\s"']*/i;
const MEGABYTE = 1_048_576;

/** Files with an absolute path of this machine or the address of a package registry. */
export function findTraces(root: string): string[] {
  const home = homedir();
  const paths = [root, ...(home.split(sep).length > 2 ? [home] : [])].map((path) => `${path}${sep}`);
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
    .split('\0')
    .filter(Boolean);
  return files.flatMap((file) => {
    const info = statSync(join(root, file), { throwIfNoEntry: false });
    if (!info?.isFile() || info.size > MEGABYTE) return [];
    const text = readFileSync(join(root, file), 'latin1');
    const path = paths.find((candidate) => text.includes(candidate));
    const registry = REGISTRY.exec(text)?.[0];
    return [path, registry].filter((trace) => trace !== undefined).map((trace) => `${file}: ${trace}`);
  });
}
