/** What a simulated client asks for, and what must be true of each answer when it comes. */
import assert from 'node:assert/strict';
import { checkHistory, checkJoined } from './checks.ts';
import type { Client } from './client.ts';
import { logOf } from './log-view.ts';
import type { Wish } from './person.ts';
import { SMALL } from './server.ts';

export function join(client: Client, room: string, since: number | null): void {
  const view = client.viewOf(room);
  const erased = new Set(view.erasures);
  client.tell(`join ${room} since ${since}`);
  client.ask({ type: 'join', room, ...(since === null ? {} : { since }) }, ['room_not_found'], (answer) => {
    checkJoined(answer, since, client.disk(), SMALL.replayEntries);
    if (answer.truncated === true) client.tell('is told that the replay is truncated');
    const told = answer as unknown as { from: number; room: { lastSeq: number } };
    const replay = { expected: told.from, last: told.from - 1, replayedTo: told.room.lastSeq, erased };
    Object.assign(view, { live: true, left: 0, ...replay });
  });
}

export function send(client: Client, wish: Wish): void {
  if (wish.tries === 0) client.awaited.add(wish.key);
  wish.tries += 1;
  client.tell(`send ${wish.key} to ${wish.room}`);
  // Another text under the same key: the first answer counts, and the first text.
  const text = wish.acknowledged === null ? wish.text : `${wish.text} again`;
  const settle = (): void => void client.awaited.delete(wish.key);
  client.ask(
    { type: 'send', room: wish.room, text, key: wish.key },
    ['not_in_room', 'room_not_found'],
    (answer) => {
      settle();
      const told = { seq: answer.seq as number, time: answer.time as string };
      const what = `${client.name}: ${wish.key}`;
      if (wish.acknowledged !== null) assert.deepEqual(told, wish.acknowledged, `${what} got another answer`);
      wish.acknowledged = told;
      client.tell(`${wish.key} is ${wish.room}/${told.seq}`);
      const entry = logOf(client.disk(), wish.room)[told.seq - 1];
      const isThere = entry?.kind === 'message' && entry.key === wish.key;
      assert.ok(isThere, `${what} was acknowledged and is not in the log`);
    },
    settle,
  );
}

/** Says something new. */
export function say(client: Client, room: string): void {
  const { person, world } = client;
  const number = person.wishes.length + 1;
  const length = world.random.chance(0.1) ? world.random.below(300) : world.random.below(5);
  const text = `${person.name} ${number} ${'茶'.repeat(length)}`;
  const wish: Wish = { room, key: `${person.name}-${number}`, text, acknowledged: null, tries: 0 };
  person.wishes.push(wish);
  send(client, wish);
}

/** Says again, under the same key, what was said before. */
export function sayAgain(client: Client): void {
  const said = client.person.wishes.filter((wish) => wish.tries > 0 && client.isIn(wish.room));
  if (said.length > 0) send(client, client.world.random.pick(said));
}

/** Edits or deletes something of one's own. */
export function change(client: Client, type: 'edit' | 'delete'): void {
  const { name, person, world } = client;
  const said = person.wishes.filter((wish) => wish.acknowledged !== null);
  if (said.length === 0) return;
  const { room, acknowledged } = world.random.pick(said);
  const of = acknowledged?.seq ?? 0;
  const what = `${name}: ${type} of ${room}/${of}`;
  const text = type === 'edit' ? { text: `changed ${world.random.below(100)}` } : {};
  client.tell(`${type} ${room}/${of}`);
  client.ask(
    { type, room, of, ...text },
    ['forbidden', 'not_in_room'],
    (answer) => {
      const entry = logOf(client.disk(), room)[(answer.seq as number) - 1];
      assert.ok(entry?.kind === type && entry.of === of, `${what} was acknowledged and is not in the log`);
    },
    (code) => {
      const target = logOf(client.disk(), room)[of - 1];
      const isErased = target?.kind === 'message' && target.text === null;
      assert.ok(code !== 'forbidden' || isErased, `${what} was forbidden`);
    },
  );
}

export function rename(client: Client, nick: string): void {
  client.tell(`nick ${nick}`);
  client.ask({ type: 'nick', nick }, ['nick_taken'], (answer) => {
    client.person.nick = (answer.person as { nick: string }).nick;
  });
}

export function askHistory(client: Client, room: string): void {
  const { random } = client.world;
  const seq = 1 + random.below(40);
  const position = random.pick([{}, { before: seq }, { after: seq }, { around: seq }]);
  const request = { type: 'history', room, limit: 1 + random.below(15), ...position };
  client.tell(JSON.stringify(request));
  client.ask(request, ['room_not_found'], (answer) => checkHistory(answer, room, client.disk()));
}

/** Something whose answer tells nothing that could be checked. */
export function askSmall(
  client: Client,
  request: { readonly type: string; readonly [field: string]: unknown },
): void {
  client.tell(JSON.stringify(request));
  client.ask(request, ['not_in_room', 'room_not_found', 'room_exists'], () => {});
}
