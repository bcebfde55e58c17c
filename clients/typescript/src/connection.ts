import { LIMITS } from '@teahouse/protocol';
import { createCalls, type Call } from './calls.ts';
import type { TeahouseError } from './errors.ts';
import type { Emit } from './events.ts';
import { openLine, type Line } from './line.ts';
import { createPulse } from './pulse.ts';
import type { ClientOptions, ConnectionState, Hello, Identity, Person, World } from './types.ts';
import { failure, isPerson, limitOf, readError, type Message } from './wire.ts';
import { backOff } from './world.ts';

/** What the rest of the client does when the line comes, speaks and goes. */
export interface Hooks {
  online(hello: Hello, person: Person): void;
  /** Anything while online that is no answer and no error. */
  message(message: Message): void;
  offline(): void;
}

interface Waiter<T> {
  resolve(value: T): void;
  reject(error: TeahouseError): void;
}

export type Answered = (answer: Message) => void;
export type Failed = (error: TeahouseError) => void;
/** Sends a request; exactly one of the two is called, perhaps at once. */
export type Ask = (call: Call, ok: Answered, failed: Failed) => void;

/** A line that lasted this long was a good one: the waits begin anew. */
const GOOD_LINE = 10_000;
/** Refusals of a login that pass by themselves. */
const PASSING = new Set([
  'rate_limited',
  'limit_reached',
  'store_unavailable',
  'internal',
  'server_stopping',
  'timeout',
]);

function settle<T>(waiters: Waiter<T>[], tell: (waiter: Waiter<T>) => void): void {
  for (const waiter of waiters.splice(0)) tell(waiter);
}

/** The line to the server: connects, logs in, tells answers from news, and comes back when it was lost. */
export function createConnection(options: ClientOptions, world: World, emit: Emit, hooks: Hooks) {
  let state: ConnectionState = { is: 'offline' };
  let session = options.session;
  /** Who to log in as; `undefined` while nobody wants to be online. */
  let wanted: Identity | undefined;
  let line: Line | undefined;
  let hello: Hello | undefined;
  let pulse: ReturnType<typeof createPulse> | undefined;
  let loggingIn = false;
  let attempt = 0;
  let onlineSince = 0;
  let stopWaiting = () => {};
  const greetings: Waiter<Hello>[] = [];
  const logins: Waiter<Person>[] = [];
  const calls = createCalls(world, () => void checkAlive());

  function setState(next: ConnectionState): void {
    state = next;
    emit('state', next);
  }

  function setSession(next: string | undefined): void {
    if (next === session) return;
    session = next;
    emit('session', next);
  }

  function open(): void {
    stopWaiting();
    setState({ is: 'connecting', attempt });
    line = openLine(options.connect, world, { greeted, message: hear, lost });
  }

  function greeted(told: Hello): void {
    hello = told;
    if (wanted) logIn(wanted);
    else setState({ is: 'greeted', hello: told });
    settle(greetings, (waiter) => waiter.resolve(told));
  }

  function hear(message: Message): void {
    if (calls.answer(message)) return;
    if (message['type'] === 'error') emit('error', readError(message));
    else if (state.is === 'online') hooks.message(message);
  }

  function logIn({ nick, session: own = session }: Identity): void {
    loggingIn = true;
    const name = nick === undefined ? {} : { nick };
    const secret = own === undefined ? {} : { session: own };
    ask(
      { type: 'login', ...name, ...secret, hold: options.hold ?? true },
      (answer) => enter(answer, own),
      refused,
    );
  }

  function enter(answer: Message, own: string | undefined): void {
    loggingIn = false;
    const { person, session: told } = answer;
    if (!isPerson(person) || !hello || !line) return lost(failure('not_teahouse'));
    setSession(typeof told === 'string' ? told : own);
    wanted = session === undefined ? { nick: person.nick } : {};
    onlineSince = world.now();
    const mine = line;
    pulse = createPulse(world, {
      heard: () => mine.heard,
      ping: (ok, failed) => ask({ type: 'ping' }, ok, failed),
      dead: renew,
    });
    setState({ is: 'online', person, hello });
    settle(logins, (waiter) => waiter.resolve(person));
    hooks.online(hello, person);
  }

  function refused(error: TeahouseError): void {
    loggingIn = false;
    if (!line) return;
    if (PASSING.has(error.code)) return lost(error);
    if (error.code === 'login_failed') setSession(undefined);
    stop(error);
  }

  /** The line may stay open: the next `login` then needs no new one. */
  function stop(why: TeahouseError): void {
    wanted = undefined;
    attempt = 0;
    setState({ is: 'stopped', why });
    settle(logins, (waiter) => waiter.reject(why));
  }

  /** Lets go of the line; nothing that it still says is heard. */
  function hangUp(): void {
    stopWaiting();
    pulse?.stop();
    line?.close();
    line = hello = pulse = undefined;
    loggingIn = false;
    hooks.offline();
    calls.failAll(failure('disconnected'));
  }

  function lost(why: TeahouseError): void {
    const before = state.is;
    if (before === 'online' && world.now() - onlineSince >= GOOD_LINE) attempt = 0;
    hangUp();
    if (why.code === 'kicked') stop(why);
    else if (wanted) wait(why);
    else if (before !== 'stopped') setState({ is: 'offline' });
    settle(greetings, (waiter) => waiter.reject(why));
  }

  function wait(why: TeahouseError): void {
    const ms = backOff(world, attempt);
    attempt += 1;
    stopWaiting = world.after(ms, open);
    setState({ is: 'waiting', until: world.now() + ms, attempt, why });
  }

  /** A new line at once, in the place of whatever there is. */
  function renew(): void {
    hangUp();
    open();
  }

  function ask(call: Call, ok: Answered, failed: Failed): void {
    const current = line;
    if (!current || !hello) return failed(failure('disconnected'));
    calls.open(call, limitOf(hello, 'line', LIMITS.lineBytes), (text) => current.send(text), ok, failed);
  }

  function connect(): Promise<Hello> {
    if (hello) return Promise.resolve(hello);
    return new Promise((resolve, reject) => {
      greetings.push({ resolve, reject });
      if (!line) open();
    });
  }

  function login(identity: Identity = {}): Promise<Person> {
    return new Promise((resolve, reject) => {
      wanted = identity;
      logins.push({ resolve, reject });
      if (!line) open();
      else if (state.is === 'online' || loggingIn) renew();
      else if (hello) {
        setState({ is: 'connecting', attempt });
        logIn(identity);
      }
    });
  }

  function close(): void {
    wanted = undefined;
    attempt = 0;
    hangUp();
    setState({ is: 'offline' });
    settle(greetings, (waiter) => waiter.reject(failure('closed')));
    settle(logins, (waiter) => waiter.reject(failure('closed')));
  }

  function tryNow(): void {
    if (state.is === 'waiting') open();
  }

  function checkAlive(): Promise<boolean> {
    tryNow();
    return pulse ? pulse.check() : Promise.resolve(false);
  }

  /** The person got another name. */
  function rename(person: Person): void {
    if (state.is === 'online') setState({ ...state, person });
  }

  return {
    get state() {
      return state;
    },
    get session() {
      return session;
    },
    forgetSession: () => setSession(undefined),
    ask,
    connect,
    login,
    close,
    tryNow,
    checkAlive,
    rename,
  };
}

export type Connection = ReturnType<typeof createConnection>;
