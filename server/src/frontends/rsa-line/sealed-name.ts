/**
 * The thread that decrypts names, apart so that a storm of them blocks nobody.
 * Started with the private key; each task is one name in base64.
 */
import { isUtf8 } from 'node:buffer';
import { constants, createPrivateKey, privateDecrypt } from 'node:crypto';
import { workerData } from 'node:worker_threads';

/** The least random bytes before the name (RFC 8017, section 7.2.2). */
const LEAST_PADDING = 8;

const key = createPrivateKey(workerData as string);
const blockBytes = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);

/** What stands behind the padding `00 02 random 00`, or null where it is anything else. */
function stripPadding(block: Uint8Array): Uint8Array | null {
  const end = block.indexOf(0, 2);
  if (block[0] !== 0 || block[1] !== 2 || end < 2 + LEAST_PADDING) return null;
  return block.subarray(end + 1);
}

/** Decrypts without padding: with it, OpenSSL makes up a text where there is none. */
function decrypt(sealed: Uint8Array): Uint8Array | null {
  try {
    return privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, sealed);
  } catch {
    // Not less than the modulus: nothing that this key's other half has made.
    return null;
  }
}

/**
 * The name in a sealed one, without line ends and the white space around it; or null.
 * What is no base64 of the right length costs a decryption too, so that time does not tell it from garbage.
 */
export default function openName(sealed: string): string | null {
  const bytes = Buffer.from(sealed, 'base64');
  const wellFormed = bytes.length === blockBytes && bytes.toString('base64') === sealed;
  const block = decrypt(wellFormed ? bytes : Buffer.alloc(blockBytes, 1));
  const name = wellFormed && block !== null ? stripPadding(block) : null;
  if (name === null || !isUtf8(name)) return null;
  return Buffer.from(name)
    .toString('utf8')
    .replace(/[\r\n]/g, '')
    .trim();
}
