import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { openDataFolder, readPrivateFile, writePrivateFile } from './folder.ts';
import { loadRsaKey, readRsaKey } from './rsa-key.ts';
import { UserError } from '../user-error.ts';

const skip = process.platform === 'win32' ? 'Windows has no such modes' : false;

/** A mistake of the operator's, told in one sentence. */
function mistake(pattern: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, pattern);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  };
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

describe('the data folder', { skip }, () => {
  let place: string;
  let umask: number;
  before(() => {
    place = realpathSync(mkdtempSync(join(tmpdir(), 'teahouse-folder-')));
    umask = process.umask(0);
  });
  after(() => {
    process.umask(umask);
    rmSync(place, { recursive: true });
  });

  test('G1 is made for its owner alone, and so is every file after, even under umask 0', async () => {
    process.umask(0);
    const folder = await openDataFolder(join(place, 'new', 'data'));
    assert.equal(folder, join(place, 'new', 'data'));
    assert.equal(modeOf(folder), '700');
    writeFileSync(join(folder, 'any'), '');
    assert.equal(modeOf(join(folder, 'any')), '600');
    await writePrivateFile(join(folder, 'key'), 'secret');
    assert.equal(modeOf(join(folder, 'key')), '600');
    assert.deepEqual(readdirSync(folder), ['any', 'key']);
  });

  test("G1 an empty folder that was made for it becomes its owner's alone", async () => {
    const folder = join(place, 'empty');
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    await openDataFolder(folder);
    assert.equal(modeOf(folder), '700');
  });

  test('with files of others in it nothing of theirs is touched', async () => {
    const folder = join(place, 'shared');
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    chmodSync(join(folder, 'notes.txt'), 0o644);
    await openDataFolder(folder);
    assert.equal(modeOf(folder), '755');
    assert.equal(modeOf(join(folder, 'notes.txt')), '644');
    assert.equal(readFileSync(join(folder, 'notes.txt'), 'utf8'), 'mine');
  });

  test('G1 is refused if anybody may put files into it', async () => {
    const folder = join(place, 'open');
    mkdirSync(folder);
    writeFileSync(join(folder, 'notes.txt'), '');
    chmodSync(folder, 0o777);
    await assert.rejects(openDataFolder(folder), mistake(/Anybody may write in the data folder .*chmod 700/));
  });

  test('is refused in a sentence if a file is in its place', async () => {
    writeFileSync(join(place, 'file'), '');
    await assert.rejects(
      openDataFolder(join(place, 'file')),
      mistake(/a file, or a link that leads nowhere, is in its place/),
    );
    await assert.rejects(
      openDataFolder(join(place, 'file', 'data')),
      mistake(/a file, or a link that leads nowhere, is in its place/),
    );
  });

  test('is refused in a sentence where a link leads nowhere, and where the folder above takes none', async () => {
    symlinkSync(join(place, 'nowhere'), join(place, 'dangling'));
    await assert.rejects(openDataFolder(join(place, 'dangling')), mistake(/link that leads nowhere/));
    await assert.rejects(openDataFolder(join(place, 'dangling/tea')), mistake(/link that leads nowhere/));
    if (process.platform === 'linux')
      await assert.rejects(openDataFolder('/proc/teahouse'), mistake(/takes none/));
  });

  test('is refused in a sentence if this user may not use it', async () => {
    mkdirSync(join(place, 'closed'), { mode: 0o500 });
    const root = process.getuid?.() === 0; // whom no mode stops
    if (root) process.seteuid?.(65_534);
    try {
      await assert.rejects(openDataFolder(join(place, 'closed')), mistake(/may not read and write/));
    } finally {
      if (root) process.seteuid?.(0);
    }
  });
});

describe('the key of rsa-line', { skip }, () => {
  const config = { keyFile: 'rsa-line.pem', bits: 2048 } as const;
  let folder: string;
  before(async () => {
    folder = await openDataFolder(mkdtempSync(join(tmpdir(), 'teahouse-key-')));
  });
  after(() => rmSync(folder, { recursive: true }));

  test('G1 is made at the first start, for its owner alone, and stays the same', async () => {
    assert.equal(await readRsaKey(folder, config), null);
    const made = await loadRsaKey(folder, config);
    assert.match(made.publicKey, /^-----BEGIN PUBLIC KEY-----\n/);
    assert.equal(modeOf(join(folder, 'rsa-line.pem')), '600');
    assert.deepEqual(await loadRsaKey(folder, config), made);
  });

  test('G1 is refused if others may read it', async () => {
    for (const mode of [0o640, 0o604, 0o660]) {
      chmodSync(join(folder, 'rsa-line.pem'), mode);
      await assert.rejects(
        loadRsaKey(folder, config),
        mistake(/Others than its owner may read .*rsa-line\.pem: run "chmod 600"/),
      );
    }
    chmodSync(join(folder, 'rsa-line.pem'), 0o600);
  });

  test('a file that holds no RSA private key is refused, and never overwritten', async () => {
    const path = join(folder, 'other.pem');
    writeFileSync(path, 'no key', { mode: 0o600 });
    await assert.rejects(
      loadRsaKey(folder, { ...config, keyFile: 'other.pem' }),
      mistake(/holds no RSA private key/),
    );
    assert.equal(readFileSync(path, 'utf8'), 'no key');
  });

  test('a private file that cannot be written is told in a sentence', async () => {
    await assert.rejects(
      writePrivateFile(join(folder, 'none', 'key'), ''),
      mistake(/cannot be written \(ENOENT\)/),
    );
    assert.equal(await readPrivateFile(join(folder, 'none')), undefined);
  });
});
