import { isUtf8 } from 'node:buffer';
import { joinRoom, logInClassic, type Failure } from '../../chat/index.ts';
import type { ClassicOptions, Guest } from '../classic/index.ts';
import type { Holders } from './holders.ts';
import { trimLineEnds } from './trim-line-ends.ts';

/** Lets somebody in by their name; null, or why not. */
export async function logIn(
  options: ClassicOptions,
  holders: Holders,
  guest: Guest,
  room: string,
  bytes: Uint8Array,
): Promise<Pick<Failure, 'code'> | null> {
  if (!isUtf8(bytes)) return { code: 'bad_nick' };
  const name = trimLineEnds(Buffer.from(bytes).toString('utf8'));
  const { core } = options;
  const { connection } = guest;
  let login = await logInClassic(core, connection, name);
  if (!login.ok && login.code === 'nick_taken' && (await holders.askFor(name, connection.address)))
    login = await logInClassic(core, connection, name);
  if (!login.ok) return login;
  guest.loggedIn();
  const joined = await joinRoom(core, connection, { room });
  return joined.ok ? null : joined;
}
