import type { Socket } from 'node:net';
import type { Failure } from '../../chat/index.ts';
import { createSpeaker, type Guest } from '../classic/index.ts';
import type { Outbox } from '../../transport/index.ts';
import type { RsaLineOptions } from './options.ts';
import { writePast, type PastWish } from './past-writer.ts';
import type { Reader } from './reader.ts';
import { PROMPT, type Words } from './words.ts';

/** What somebody who is in can do. */
export interface Talk {
  /** Shows what others said lately, and the first prompt. */
  begin(): Promise<void>;
  /** Takes a line; null is one that was not UTF-8. Settles when the next one may be taken. */
  takeLine(line: string | null): Promise<void>;
}

/** As the original's own instructions spell it, too. */
const HISTORY = /^(?:history|histroy)(?:\s+(\d+))?$/;

export function createTalk(parts: {
  readonly options: RsaLineOptions;
  readonly words: Words;
  readonly guest: Guest;
  readonly reader: Reader;
  readonly outbox: Outbox;
  readonly socket: Socket;
  readonly room: string;
}): Talk {
  const { options, words, guest, reader, outbox, socket, room } = parts;
  const { core, endOfTurn, backlog } = options;
  const notice = (text: string): void => outbox.say(words.notice(core.options.now(), text));
  const speaker = createSpeaker(options, guest, room, () => {
    notice('your line cannot be stored at the moment and is tried again');
    outbox.say(PROMPT);
  });
  const target = { core, connection: guest.connection, socket, outbox, endOfTurn };

  /** The past, then what came meanwhile, then a prompt. Live lines are held from the call on that reads where the past ends. */
  const showPast = async (wish: PastWish): Promise<void> => {
    let failure: Failure | null;
    for (;;) {
      reader.hold();
      failure = await writePast(target, wish);
      if (failure?.code !== 'rate_limited') break;
      reader.release();
      if (!(await speaker.pause(failure.retryAfter ?? 0))) return;
    }
    if (failure !== null) notice('the history cannot be read at the moment; ask again later');
    if (!reader.release()) outbox.say(PROMPT);
  };

  const say = async (text: string): Promise<void> => {
    const failure = await speaker.say(text);
    if (guest.ended) return;
    if (failure !== null) {
      options.refused(guest.connection, failure.code);
      notice(failure.message);
    }
    outbox.say(PROMPT);
  };

  return {
    begin: () =>
      showPast({
        room,
        last: backlog,
        kinds: ['message'],
        write: (entry) => words.live.encode(room, entry),
      }),
    async takeLine(line) {
      if (!(await speaker.admit())) return;
      if (line === null) {
        options.refused(guest.connection, 'bad_request');
        notice('this was not valid UTF-8, and was not sent');
        return outbox.say(PROMPT);
      }
      const text = line.trim();
      if (text === '') return outbox.say(PROMPT);
      const history = HISTORY.exec(text);
      if (history === null) return say(text);
      const last = history[1] === undefined ? {} : { last: Number(history[1]) };
      return showPast({ room, ...last, write: words.row });
    },
  };
}
