/** Writes a time (ms since 1970) as the protocol does: `YYYY-MM-DD HH:MM:SS`. */
export type LineClock = (time: number) => string;

const MINUTE_MS = 60_000;

/**
 * A clock of one zone; null is the system's. The last minute's words are kept,
 * for neighbouring lines are mostly of one minute and Intl is slow: no zone in
 * use is a fraction of a minute away from UTC.
 */
export function createLineClock(timeZone: string | null): LineClock {
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    ...(timeZone === null ? {} : { timeZone }),
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  let lastMinute = NaN;
  let lastWords = '';
  return (time) => {
    const minute = Math.floor(time / MINUTE_MS);
    if (minute !== lastMinute) {
      const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
      for (const { type, value } of format.formatToParts(minute * MINUTE_MS)) parts[type] = value;
      lastMinute = minute;
      lastWords = `${parts.year?.padStart(4, '0')}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}:`;
    }
    const second = Math.floor(time / 1_000) - minute * 60;
    return second < 10 ? `${lastWords}0${second}` : lastWords + second;
  };
}
