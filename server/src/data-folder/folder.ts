/**
 * The folder that a server keeps everything in: made and checked here, with
 * whatever else lies in it left alone. Knows nothing of what is kept; the hold
 * on it, by which two servers never share one, is in `hold.ts`.
 */
import { constants } from 'node:fs';
import { access, chmod, mkdir, open, readdir, readFile, realpath, rename, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { UserError } from '../user-error.ts';

/** Windows has no such modes; there a folder below the user's own is theirs alone by default. */
const HAS_MODES = process.platform !== 'win32';

/**
 * Makes the folder (0700) if it is not there, checks that this process may use
 * it, and gives its real path. From then on every file that this process makes
 * is its owner's alone, whatever the umask was. Throws a `UserError` that says
 * what is in the way.
 */
export async function openDataFolder(path: string): Promise<string> {
  const folder = resolve(path);
  process.umask(0o077);
  try {
    await makeFolder(folder);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    await keepToOwner(folder);
    return await realpath(folder);
  } catch (error) {
    throw explainFolder(folder, error);
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Makes the folder and those above it. Not by `recursive`, which tries for ever
 * where a folder is there and refuses to hold another (as in /proc).
 */
async function makeFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  await mkdir(folder, { mode: 0o700 }).catch(async (error: unknown) => {
    // Somebody else may have made it just now.
    if (codeOf(error) !== 'EEXIST' || !(await isFolder(folder))) throw error;
  });
}

/**
 * Reads a file that only its owner may read, such as a private key. Undefined
 * if it is not there; a `UserError` if others may read it too.
 */
export async function readPrivateFile(path: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(path);
    if (HAS_MODES && (mode & 0o077) !== 0) {
      throw new UserError(
        `Others than its owner may read ${path}: run "chmod 600" on it, or have a new one made.`,
      );
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new UserError(
      `${path} cannot be read (${code}): give this user the right to, or name another file.`,
    );
  }
}

/** Writes such a file (0600), whole or not at all, durably. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const unfinished = `${path}.new`;
  try {
    const file = await open(unfinished, 'w', 0o600);
    try {
      await file.chmod(0o600);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    throw new UserError(
      `${path} cannot be written (${codeOf(error)}): give this user the right to, and the disk room.`,
    );
  }
}

/**
 * An empty folder becomes its owner's alone. One with files in it keeps its
 * mode, for it may be more than ours, but not if anybody may put files there.
 */
async function keepToOwner(folder: string): Promise<void> {
  if (!HAS_MODES) return;
  const [{ mode, uid }, content] = await Promise.all([stat(folder), readdir(folder)]);
  if ((mode & 0o077) === 0) return;
  if (content.length === 0 && uid === process.getuid?.()) await chmod(folder, 0o700);
  else if ((mode & 0o002) !== 0) {
    throw new UserError(
      `Anybody may write in the data folder ${folder}: run "chmod 700" on it, or give --data another folder.`,
    );
  }
}

function explainFolder(folder: string, error: unknown): unknown {
  if (error instanceof UserError) return error;
  switch (codeOf(error)) {
    case 'EEXIST':
    case 'ENOTDIR':
      return new UserError(
        `The data folder ${folder} cannot be made, because a file, or a link that leads nowhere, is in its place: give --data another folder.`,
      );
    case 'ENOENT':
      return new UserError(
        `The data folder ${folder} cannot be made, because the folder that it would lie in takes none: give --data another folder.`,
      );
    case 'EACCES':
    case 'EPERM':
      return new UserError(
        `This user may not read and write the data folder ${folder}: change its owner, or give --data another folder.`,
      );
    case 'EROFS':
      return new UserError(
        `The data folder ${folder} is on a disk that cannot be written: give --data another folder.`,
      );
    case 'ENOSPC':
      return new UserError(
        `The disk of the data folder ${folder} is full: make room, or give --data another folder.`,
      );
    default:
      return error;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
