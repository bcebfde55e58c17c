/** A client of rsa-line as the original is one: a sealed name without a line end, then what is typed. */
import { constants, generateKeyPairSync, publicEncrypt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { openPeer, type Peer } from './classic-peer.ts';
import { startTestServer, temporaryFolder, type TestServer } from './harness.ts';

/** What the server writes when it is ready for a line. */
export const PROMPT = '\n>> ';
export const REFUSED = '\n[-] Please use the authentication client to connect!';
export const TIME = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`;

export const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' });

/** The bytes behind PKCS#1 v1.5 padding, in base64, as the original client sends a name. */
export function seal(name: string | Uint8Array): string {
  const key = { key: pair.publicKey, padding: constants.RSA_PKCS1_PADDING };
  return publicEncrypt(key, Buffer.from(name as string)).toString('base64');
}

/** A block as it is, encrypted without any padding of ours. */
export function sealBlock(block: Uint8Array): string {
  return publicEncrypt({ key: pair.publicKey, padding: constants.RSA_NO_PADDING }, block).toString('base64');
}

/** A block as PKCS#1 v1.5 has it: two bytes, so many of padding, a zero, and the name; line ends fill it. */
export function padName(begin: readonly [number, number], padding: number): Uint8Array {
  const block = Buffer.alloc(256, '\n');
  block.set(begin);
  block.fill(9, 2, 2 + padding);
  block[2 + padding] = 0;
  block.write('Ada', 3 + padding);
  return block;
}

type Options = Parameters<typeof startTestServer>[1];

/** Starts a server with this file's key pair. */
export async function start(t: TestContext, options: Options = {}): Promise<TestServer> {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'rsa-line.pem'), pem, { mode: 0o600 });
  return startTestServer(t, { listen: ['tcp://127.0.0.1:0', 'rsa-line://127.0.0.1:0'], folder, ...options });
}

/** Logs in as the original client does, and takes everything up to the first prompt. */
export async function enter(
  t: TestContext,
  server: TestServer,
  name: string,
): Promise<Peer & { first: string }> {
  const peer = await openPeer(t, server.port('rsa-line'));
  peer.send(seal(name));
  const first = await peer.until(PROMPT);
  return { ...peer, first };
}

/** Sends a line and takes what comes up to the prompt. */
export async function ask(peer: Peer, line: string): Promise<string> {
  peer.send(line);
  return (await peer.until(PROMPT)).slice(0, -PROMPT.length);
}

/** The whole of a text, with TIME for a time. */
export const pattern = (text: string): RegExp => new RegExp(`^${text.replaceAll('TIME', TIME)}$`);
