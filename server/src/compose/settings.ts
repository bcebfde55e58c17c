import { LIMITS } from '@teahouse/protocol';
import type { ChatLimits, ChatRates } from '../chat/index.ts';
import type { Config } from '../config/config.ts';
import { UNLIMITED, type Rate } from '../limits/token-bucket.ts';

const DAY_MS = 86_400_000;

/** What chat is held to, out of the config. */
export function chatLimits({ limits }: Config): ChatLimits {
  return {
    textBytes: limits.textBytes,
    topicBytes: LIMITS.topicBytes,
    replayEntries: limits.replayEntries,
    pageBytes: LIMITS.pageBytes,
    historyRows: LIMITS.historyRows,
    roomsPerPerson: limits.roomsPerPerson,
    rooms: limits.rooms,
    presencePeople: limits.presencePeople,
    holdSeconds: limits.holdSeconds,
    sessionMs: limits.sessionDays * DAY_MS,
  };
}

/** The rates of one person; none of them with `--no-rate-limit`. */
export function chatRates({ rates }: Config, limited: boolean): ChatRates {
  const given = (rate: Rate): Rate => (limited ? rate : UNLIMITED);
  return {
    send: given(rates.sendPerPerson),
    join: given(rates.joinPerPerson),
    nick: given(rates.nickPerPerson),
    typing: given(rates.typingPerPerson),
    history: given(rates.historyPerPerson),
    create: given(rates.createPerPerson),
    requests: given(rates.requestsPerPerson),
  };
}

/** The limits that `hello` tells. */
export function toldLimits({ limits }: Config): Record<string, number> {
  return {
    line: limits.lineBytes,
    text: limits.textBytes,
    nickGraphemes: LIMITS.nickGraphemes,
    nick: LIMITS.nickBytes,
    roomGraphemes: LIMITS.roomGraphemes,
    room: LIMITS.roomBytes,
    topic: LIMITS.topicBytes,
    key: LIMITS.keyLength,
    replay: limits.replayEntries,
    page: LIMITS.pageBytes,
    history: LIMITS.historyRows,
    rooms: limits.roomsPerPerson,
    hold: limits.holdSeconds,
  };
}
