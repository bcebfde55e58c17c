/** Programs from outside npm that some tests use, and how to get them on Debian. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

interface Need {
  readonly debian: string;
  /** What the tests do with it. */
  readonly purpose: string;
  readonly isHere: () => boolean;
}

function isOnPath(...names: string[]): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.some((name) =>
    folders.some((folder) => {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    }),
  );
}

const CHINESE_FONT = '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc';

const NEEDS: readonly Need[] = [
  { debian: 'chromium', purpose: 'the page', isHere: () => isOnPath('chromium') },
  {
    debian: 'fonts-noto-cjk',
    purpose: 'Chinese text on the page',
    isHere: () => process.platform !== 'linux' || existsSync(CHINESE_FONT),
  },
  { debian: 'netcat-openbsd', purpose: 'the client of the docs in shell', isHere: () => isOnPath('nc') },
  { debian: 'python3', purpose: 'the client of the docs in Python', isHere: () => isOnPath('python3') },
  {
    debian: 'strace',
    purpose: 'counting syncs',
    isHere: () => process.platform !== 'linux' || isOnPath('strace'),
  },
];

/**
 * Installs what is missing where it can, as root on Debian. Otherwise prints
 * one line that says what to install: the tests that need it skip themselves.
 */
export function installNeededPrograms(): void {
  const missing = NEEDS.filter((need) => !need.isHere());
  if (missing.length === 0) return;
  const packages = missing.map((need) => need.debian);
  const command = `apt-get install --yes --no-install-recommends ${packages.join(' ')}`;
  if (!isOnPath('apt-get') || process.getuid?.() !== 0) {
    const list = missing.map((need) => `${need.debian} (${need.purpose})`).join(', ');
    const advice = isOnPath('apt-get') ? `: sudo ${command}` : '';
    console.log(`Not installed: ${list}. Tests that need them are skipped${advice}`);
    return;
  }
  console.log(`Installing for the tests: ${packages.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const stdio = ['ignore', 'ignore', 'inherit'] as const;
  spawnSync('apt-get', ['update', '-qq'], { env, stdio: [...stdio] });
  const { status } = spawnSync('apt-get', command.split(' ').slice(1), { env, stdio: [...stdio] });
  if (status !== 0) console.log(`Could not install all of them; tests that need them are skipped`);
}
