/**
 * A client as the protocol wants one, in somebody's hands: it resumes with what
 * it has seen, and sends again under the same key what was not answered.
 */
import { createClient, type Client, type Surroundings } from './client.ts';
import { logOf, type LogView } from './log-view.ts';
import type { Person } from './person.ts';
import * as requests from './requests.ts';

export const ROOMS = ['lobby', 'tea'] as const;

export interface Device {
  readonly name: string;
  readonly views: ReadonlyMap<string, LogView>;
  readonly stalled: boolean;
  /** Does one thing that people do. */
  act(): void;
  /** Takes one step towards being in all rooms with everything said; false if there is none to take. */
  settleDown(): boolean;
}

type Habit = (client: Client, room: string) => void;

/** From what was seen last, mostly; from now or from the beginning at times. */
function rejoin(client: Client, room: string): void {
  const { random } = client.world;
  const last = random.chance(0.15) ? 0 : client.viewOf(room).last;
  requests.join(client, room, random.chance(0.15) ? null : last);
}

/** What people do, with how often they do it. */
const HABITS: readonly (readonly [weight: number, habit: Habit])[] = [
  [40, (client, room) => (client.isIn(room) ? requests.say(client, room) : rejoin(client, room))],
  [6, rejoin],
  [4, (client, room) => requests.askSmall(client, { type: 'leave', room })],
  [6, (client) => requests.change(client, 'edit')],
  [5, (client) => requests.change(client, 'delete')],
  [3, (client) => requests.rename(client, `${client.person.name}${client.world.random.below(1_000)}`)],
  [3, (client) => requests.rename(client, client.world.random.pick(['Ada', 'ADA', 'Аda', '小明']))],
  [5, requests.askHistory],
  [2, (client, room) => requests.askSmall(client, { type: 'create', room })],
  [2, (client, room) => requests.askSmall(client, { type: 'typing', room })],
  [
    2,
    (client, room) => requests.askSmall(client, { type: 'read', room, seq: client.world.random.below(30) }),
  ],
  [4, requests.sayAgain],
  [
    4,
    (client) => {
      client.tell('the line is cut');
      client.cut();
    },
  ],
  [
    2,
    (client) => {
      client.tell('ends its input');
      client.endInput();
    },
  ],
  [5, (client) => client.setStalled(!client.stalled)],
];
const TOTAL_WEIGHT = HABITS.reduce((sum, [weight]) => sum + weight, 0);

export function createDevice(name: string, person: Person, around: Surroundings): Device {
  const client = createClient(name, person, around);
  const { random } = around.world;
  return {
    name,
    views: client.views,
    get stalled() {
      return client.stalled;
    },
    act() {
      if (client.state === 'away') client.connect();
      if (client.state !== 'in') return;
      let choice = random.below(TOTAL_WEIGHT);
      const habit = HABITS.find(([weight]) => (choice -= weight) < 0);
      habit?.[1](client, random.chance(0.7) ? 'lobby' : 'tea');
    },
    settleDown() {
      if (client.stalled) client.setStalled(false);
      else if (client.state === 'away') client.connect();
      else if (client.state === 'in' && client.unanswered === 0) return settleIn(client);
      return true;
    },
  };
}

function settleIn(client: Client): boolean {
  const away = ROOMS.find((room) => !client.isIn(room) && logOf(client.disk(), room).length > 0);
  if (away !== undefined) requests.join(client, away, client.viewOf(away).last);
  const unsaid = client.person.wishes.find((wish) => wish.acknowledged === null && client.isIn(wish.room));
  if (unsaid !== undefined) requests.send(client, unsaid);
  return away !== undefined || unsaid !== undefined;
}
