import { hash } from 'node:crypto';
import type { Author } from '../../store/port.ts';
import type { Connection } from '../connection.ts';
import { asking, isFailure, personOf, type Core } from '../core.ts';
import { depart, endHold } from '../membership.ts';
import { checkNick } from '../names.ts';
import { authorOf, createPerson, type Person, type PersonKind } from '../person.ts';
import { fail, NICK_TAKEN, type Failure, type Result } from '../result.ts';
import { rename } from './nick.ts';

/** Bytes in a person's id before encoding: 50 bits told apart by 10 characters. */
const ID_BYTES = 10;
const ID_LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** How long an ended session is remembered for logins that were under way, in ms. */
const ENDED_MS = 60_000;

export interface LoginRequest {
  readonly nick?: string;
  readonly session?: string;
  readonly hold?: boolean;
}

export interface LoggedIn {
  readonly person: Author;
  /** The secret by which a new guest can come back. */
  readonly session: string | null;
}

/** Sessions are kept and looked up by their SHA-256 only. */
function hashSession(session: string): Uint8Array {
  return hash('sha256', session, 'buffer');
}

const keyOf = (session: Uint8Array): string => Buffer.from(session).toString('base64');

function newPersonId(core: Core): string {
  let id = 'p';
  for (const byte of core.options.randomBytes(ID_BYTES)) id += ID_LETTERS[byte & 31];
  return id;
}

/** Logs a guest in: by a nickname as a new person, by a session as the person they were. */
export async function logIn(
  core: Core,
  connection: Connection,
  request: LoginRequest,
): Promise<Result<LoggedIn>> {
  if (core.stopping) return fail('server_stopping', 'The server is stopping.');
  if (connection.person !== null) return fail('bad_request', 'You are logged in already.');
  connection.hold = request.hold === true;
  if (request.session !== undefined) return resume(core, connection, request.session, request.nick);
  if (request.nick === undefined) return fail('bad_request', 'A login needs a nick or a session.');
  const secret = Buffer.from(core.options.randomBytes(32)).toString('base64url');
  return newPerson(core, connection, request.nick, 'guest', secret);
}

/** Logs somebody in who cannot come back: a new person each time. */
export function logInClassic(core: Core, connection: Connection, nick: string): Promise<Result<LoggedIn>> {
  return newPerson(core, connection, nick, 'classic', null);
}

async function newPerson(
  core: Core,
  connection: Connection,
  rawNick: string,
  kind: PersonKind,
  secret: string | null,
): Promise<Result<LoggedIn>> {
  if (core.stopping) return fail('server_stopping', 'The server is stopping.');
  const checked = checkNick(rawNick);
  if (!checked.ok) return checked;
  if (!core.people.claim(checked.skeleton)) return NICK_TAKEN;
  const author = { id: newPersonId(core), nick: checked.nick };
  const session = secret === null ? null : hashSession(secret);
  const stored = await asking(core, 'a login', async () => {
    await core.options.store.directory.createPerson(author, session);
    return {};
  });
  if (isFailure(stored) || connection.closed) {
    core.people.release(checked.skeleton);
    return isFailure(stored) ? stored : fail('login_failed', 'The connection closed.');
  }
  const person = createPerson(author, checked.skeleton, kind, core.options.rates);
  core.people.add(person);
  attach(core, connection, person, session, false);
  return { ok: true, person: author, session: secret };
}

async function resume(
  core: Core,
  connection: Connection,
  secret: string,
  nick: string | undefined,
): Promise<Result<LoggedIn>> {
  const session = hashSession(secret);
  const { limits, store, now } = core.options;
  const found = await asking(core, 'a login', async () => ({
    author: await store.directory.resumeSession(session, now() - limits.sessionMs),
  }));
  if (isFailure(found)) return found;
  if (found.author === null)
    return fail('login_failed', 'This session is not known or has expired. Log in with a nickname.');
  let person = await comeBack(core, found.author, nick);
  // Somebody may have put them out just now: then they come back once more, as whoever is not on the way out.
  while (!isFailure(person) && person.departing) person = await comeBack(core, found.author, nick);
  if (isFailure(person)) return person;
  const isVoid = core.ended.has(keyOf(session));
  if (connection.closed || isVoid) {
    if (person.connections.size === 0 && person.cancelHold === null) depart(core, person);
    return fail('login_failed', isVoid ? 'This session has ended.' : 'The connection closed.');
  }
  attach(core, connection, person, session, true);
  return { ok: true, person: authorOf(person), session: null };
}

/** The person of a session, as they are here or made anew, under the nickname asked for. */
async function comeBack(core: Core, author: Author, nick: string | undefined): Promise<Person | Failure> {
  for (
    let here = core.people.byId.get(author.id);
    here !== undefined;
    here = core.people.byId.get(author.id)
  ) {
    if (here.departing) {
      await here.tail;
      continue;
    }
    const renamed = nick === undefined ? { ok: true as const } : await rename(core, here, nick);
    if (!renamed.ok) return renamed;
    if (!here.departing) return here;
  }
  const checked = checkNick(nick ?? author.nick);
  if (!checked.ok) return checked;
  if (!core.people.claim(checked.skeleton)) return NICK_TAKEN;
  if (checked.nick !== author.nick) {
    const renamed = await asking(core, 'a change of nickname', async () => {
      await core.options.store.directory.renamePerson(author.id, checked.nick);
      return {};
    });
    // Another of their connections may have come back meanwhile: then there they are.
    const isHere = core.people.byId.has(author.id);
    if (isFailure(renamed) || isHere) core.people.release(checked.skeleton);
    if (isFailure(renamed)) return renamed;
    if (isHere) return comeBack(core, author, nick);
  }
  const person = createPerson(
    { id: author.id, nick: checked.nick },
    checked.skeleton,
    'guest',
    core.options.rates,
  );
  core.people.add(person);
  return person;
}

function attach(
  core: Core,
  connection: Connection,
  person: Person,
  session: Uint8Array | null,
  returning: boolean,
): void {
  endHold(core, person);
  person.connections.add(connection);
  connection.person = person;
  connection.session = session;
  core.options.observe({
    kind: 'login',
    frontend: connection.via,
    address: connection.address,
    person: authorOf(person),
    returning,
  });
}

/** Ends the session: its secret is void, the person leaves everywhere, all their connections close. */
export async function logOut(core: Core, connection: Connection): Promise<Result<object>> {
  const person = personOf(core, connection);
  if (isFailure(person)) return person;
  const { session } = connection;
  if (session !== null) {
    core.ended.add(keyOf(session));
    core.options.setTimer(() => core.ended.delete(keyOf(session)), ENDED_MS);
    const ended = await asking(core, 'a logout', async () => {
      await core.options.store.directory.endSession(session);
      return {};
    });
    if (isFailure(ended)) return ended;
  }
  depart(core, person);
  for (const each of person.connections) if (each !== connection) each.receiver.end('logged_out');
  return { ok: true };
}

/** Who is logged in on this connection, and the rooms they are in. */
export function whoAmI(core: Core, connection: Connection): Result<{ person: Author; rooms: string[] }> {
  const person = personOf(core, connection);
  if (isFailure(person)) return person;
  return { ok: true, person: authorOf(person), rooms: [...person.rooms].map((room) => room.name) };
}
