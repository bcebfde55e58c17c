import { joinRoom, logInClassic } from '../../chat/index.ts';
import type { Guest } from '../classic/index.ts';
import type { NameOpener } from './name-opener.ts';
import type { RsaLineOptions } from './options.ts';
import type { Reader } from './reader.ts';

/** All of a sealed name fits one `recv(1024)` of the original server. */
const SEALED_BYTES = 1_024;
/** Every refusal leaves so long after its name was complete, in ms, so that its time tells nothing. */
const REFUSED_AFTER_MS = 50;

/** Why somebody does not come in: a code for the journal, and the words on the wire. */
export interface Refusal {
  readonly code: string;
  readonly words: string;
}

const UNREADABLE = '\n[-] Please use the authentication client to connect!';
const TAKEN = '\n[-] That name is taken, choose another.';
const UNAVAILABLE = '\n[-] The server cannot let anybody in at the moment, try again later.';

export interface Entrance {
  readonly options: RsaLineOptions;
  readonly opener: NameOpener;
  readonly guest: Guest;
  readonly reader: Reader;
  readonly room: string;
}

/** Lets somebody in by their sealed name, null where it was no text at all; from then on live lines are held. Answers null, or at the one fixed time why not. */
export async function logIn(entrance: Entrance, sealed: string | null): Promise<Refusal | null> {
  const { core, setTimer } = entrance.options;
  const completeAt = core.options.now();
  const refusal = await enter(entrance, sealed?.trim() ?? '');
  if (refusal === null) return null;
  const left = completeAt + REFUSED_AFTER_MS - core.options.now();
  await new Promise<void>((resolve) => setTimer(resolve, Math.max(0, left)));
  return refusal;
}

async function enter(
  { options, opener, guest, reader, room }: Entrance,
  sealed: string,
): Promise<Refusal | null> {
  const refuse = (code: string, words: string): Refusal => {
    if (!guest.ended) options.refused(guest.connection, code);
    return { code, words };
  };
  if (sealed.length > SEALED_BYTES) return refuse('too_long', UNREADABLE);
  if (!options.takeDecryption(guest.connection.address)) return refuse('rate_limited', UNREADABLE);
  const name = await opener.open(sealed);
  if (name === null) return refuse('bad_nick', UNREADABLE);
  const login = await logInClassic(options.core, guest.connection, name);
  if (!login.ok) {
    if (login.code === 'nick_taken') return refuse(login.code, TAKEN);
    return refuse(login.code, login.code === 'bad_nick' ? UNREADABLE : UNAVAILABLE);
  }
  guest.loggedIn();
  reader.hold();
  const joined = await joinRoom(options.core, guest.connection, { room });
  return joined.ok ? null : refuse(joined.code, UNAVAILABLE);
}
