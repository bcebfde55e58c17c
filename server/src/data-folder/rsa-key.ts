import { createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

import type { Config } from '../config/config.ts';
import { readPrivateFile, writePrivateFile } from './folder.ts';
import { UserError } from '../user-error.ts';

/** The key pair of rsa-line, as PEM: PKCS#8 and SPKI. */
export interface RsaKey {
  readonly privateKey: string;
  readonly publicKey: string;
}

/** A name encrypted with more bits than this would not fit one `recv(1024)` in base64. */
const MOST_BITS = 4096;
/** Original clients with a key of this size built in still exist. */
const LEAST_BITS = 1024;

/** Reads the key pair of rsa-line, or makes it at the first start. Throws a `UserError` for a file that holds none. */
export async function loadRsaKey(folder: string, config: Config['rsa']): Promise<RsaKey> {
  const key = await readRsaKey(folder, config);
  if (key !== null) return key;
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: config.bits });
  const made = exportPair(privateKey);
  await writePrivateFile(pathOf(folder, config), made.privateKey);
  return made;
}

/** The same without making one: null if there is none yet. */
export async function readRsaKey(folder: string, config: Config['rsa']): Promise<RsaKey | null> {
  const path = pathOf(folder, config);
  const pem = await readPrivateFile(path);
  if (pem === undefined) return null;
  const key = parseKey(pem);
  const bits = key?.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key?.asymmetricKeyType !== 'rsa' || bits < LEAST_BITS || bits > MOST_BITS) {
    throw new UserError(
      `${path} holds no RSA private key of ${LEAST_BITS} to ${MOST_BITS} bits as PEM without a passphrase: put one there, or move the file away to have one made.`,
    );
  }
  return exportPair(key);
}

function parseKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}

function exportPair(key: KeyObject): RsaKey {
  return {
    privateKey: key.export({ type: 'pkcs8', format: 'pem' }),
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'pem' }),
  };
}

function pathOf(folder: string, config: Config['rsa']): string {
  return resolve(folder, config.keyFile);
}
