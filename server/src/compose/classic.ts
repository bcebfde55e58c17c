/** Gives the classic front ends what they need. Part of the composition root. */
import type { FrontendsOptions } from './frontends.ts';
import { createConnectionReports } from './connection-reports.ts';
import type { ClassicOptions } from '../frontends/classic/index.ts';
import { createLoginByte, type LoginByte } from '../frontends/login-byte/index.ts';
import { createRsaLine, type RsaLine } from '../frontends/rsa-line/index.ts';
import { addressKey } from '../limits/addresses.ts';
import { createKeyedBuckets } from '../limits/keyed-buckets.ts';

function classicOptions(
  { core, config, setTimer, turn, journal }: FrontendsOptions,
  where: string,
): ClassicOptions {
  return {
    core,
    limits: config.limits,
    setTimer,
    endOfTurn: turn.write,
    ...createConnectionReports(journal, core.options.now),
    failed: (error) =>
      journal({ kind: 'trouble', where, message: 'A request failed by a mistake of the server.', error }),
  };
}

/** The front end rsa-line, or null where no listener is for it and there is no key. */
export function composeRsaLine(options: FrontendsOptions): RsaLine | null {
  const { config, core, timesOf, key } = options;
  if (key === null) return null;
  const decryptions = createKeyedBuckets(config.rates.decryptionsPerAddress);
  return createRsaLine({
    ...classicOptions(options, 'rsa-line'),
    privateKey: key.privateKey,
    backlog: config.classic.backlog,
    timeZone: config.classic.timeZone,
    takeDecryption(plain) {
      const times = timesOf(plain);
      return times === Infinity || decryptions.take(addressKey(plain), core.options.now(), times) === 0;
    },
  });
}

export function composeLoginByte(options: FrontendsOptions): LoginByte {
  return createLoginByte(classicOptions(options, 'login-byte'));
}
