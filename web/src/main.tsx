/**
 * The page, put together: the client, the door and the room. The one file here
 * that sees everything.
 */
import { createRoot } from 'react-dom/client';
import { createClient, TeahouseError, webSocket, type Person } from '@teahouse/client';
import { forAll, forTab } from './browser-memory.ts';
import { keepLineAlive } from './lifeline.ts';
import { createLanguage, LanguageProvider } from './messages/language.tsx';
import { hashOf, roomOf } from './room-address.ts';
import { createRoomLog, type RoomLog } from './room/room-log.ts';
import { createDoor } from './screens/door.ts';
import { RoomScreen } from './screens/room-screen.tsx';
import { countUnseen } from './title.ts';

const language = createLanguage({
  remembered: forAll.get('language'),
  preferred: navigator.languages,
  remember: (tag) => forAll.set('language', tag),
});
const client = createClient({
  connect: webSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`),
  session: forAll.get('session') ?? undefined,
  // Each tab has its own queue: shared, one tab could forget what another has not sent.
  storage: { load: () => forTab.get('unsent'), save: (queue) => forTab.set('unsent', queue) },
});
const root = createRoot(document.getElementById('root') as HTMLElement);
const logs = new Map<string, RoomLog>();
let room = roomOf(location.hash);
let me: Person | null = rememberedPerson();

const door = createDoor({
  language,
  room: () => room,
  lastName: forAll.get('name'),
  onName: (nick) => void enter(nick),
});

function rememberedPerson(): Person | null {
  const [id, nick] = (forAll.get('person') ?? '').split('\n');
  return id && nick ? { id, nick } : null;
}

function logOf(name: string): RoomLog {
  let log = logs.get(name);
  if (log === undefined) {
    log = createRoomLog(client, name);
    logs.set(name, log);
    // A refusal shows in the room's state.
    client.join(name).catch(() => undefined);
  }
  return log;
}

function showRoom(person: Person): void {
  door.hide();
  root.render(
    <LanguageProvider language={language}>
      <RoomScreen
        key={room}
        client={client}
        log={logOf(room)}
        name={room}
        me={person}
        onTryNow={tryNow}
        onLeave={() => void leave()}
      />
    </LanguageProvider>,
  );
}

function showDoor(problem?: string): void {
  root.render(null);
  for (const log of logs.values()) log.close();
  logs.clear();
  door.show(problem);
}

/** Comes in, with a name or as who one was. */
async function enter(nick?: string): Promise<void> {
  door.setBusy(true);
  try {
    me = await client.login(nick === undefined ? undefined : { nick });
    forAll.set('name', me.nick);
    forAll.set('person', `${me.id}\n${me.nick}`);
    showRoom(me);
  } catch (error) {
    // Leaving while the line was away ends the login that was still being tried.
    if (error instanceof TeahouseError && error.code !== 'closed') toDoor(error);
  } finally {
    door.setBusy(false);
  }
}

function toDoor(why: TeahouseError): void {
  me = null;
  showDoor(language.current().errors[why.code]);
}

function tryNow(): void {
  if (client.state.is === 'stopped') void enter();
  else client.tryNow();
}

async function leave(): Promise<void> {
  me = null;
  // A server that does not answer cannot be told; here the session is forgotten all the same.
  await client.logout().catch(client.close);
  forAll.set('session', undefined);
  forAll.set('person', undefined);
  showDoor();
}

client.on('session', (session) => forAll.set('session', session));
client.on('state', (state) => {
  // A session that ended meanwhile, or a name that somebody else has now: back to the door, to say so.
  if (state.is === 'stopped' && me !== null && state.why.code !== 'kicked') toDoor(state.why);
  if (state.is === 'waiting' && me === null) door.setBusy(true, language.current().errors[state.why.code]);
  if (state.is !== 'online' || me === null || (state.person.id === me.id && state.person.nick === me.nick))
    return;
  me = state.person;
  showRoom(me);
});
addEventListener('hashchange', () => {
  room = roomOf(location.hash);
  if (me !== null && client.state.is !== 'offline') showRoom(me);
});
keepLineAlive(client);
language.subscribe(countUnseen(client, () => `${room} · ${language.current().app}`));

if (location.hash === '') history.replaceState(null, '', hashOf(room));
if (client.session !== undefined) {
  // Straight back in: what is known shows at once, the line follows.
  if (me !== null) showRoom(me);
  void enter();
}
