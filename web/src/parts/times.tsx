import { useSyncExternalStore } from 'react';
import { useMessages } from '../messages/language.tsx';
import { dayOf } from '../room/rows.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

/** Formats are slow to make: one for each language and shape. The browser's own region counts where it speaks the language. */
function formatOf(tag: string, shape: 'time' | 'day' | 'full'): Intl.DateTimeFormat {
  const key = `${tag} ${shape}`;
  let format = formats.get(key);
  if (format === undefined) {
    const locale = navigator.languages.find((one) => one.slice(0, 2) === tag.slice(0, 2)) ?? tag;
    const options: Record<typeof shape, Intl.DateTimeFormatOptions> = {
      time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
      day: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
      full: { dateStyle: 'full', timeStyle: 'medium' },
    };
    format = new Intl.DateTimeFormat(locale, options[shape]);
    formats.set(key, format);
  }
  return format;
}

/** The local time of day of an entry; the whole date in its title. */
export function Time({ time }: { time: string }) {
  const { tag } = useMessages();
  const date = new Date(time);
  return (
    <time className="time" dateTime={time} title={formatOf(tag, 'full').format(date)}>
      {formatOf(tag, 'time').format(date)}
    </time>
  );
}

const midnight = () => new Date().setHours(24, 0, 0, 0);

function subscribeToMidnight(listener: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const wait = () => {
    timer = setTimeout(
      () => {
        listener();
        wait();
      },
      midnight() - Date.now() + 20,
    );
  };
  wait();
  // A machine that slept through midnight wakes up with a late timer.
  document.addEventListener('visibilitychange', listener);
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', listener);
  };
}

/** The heading of a day: today, yesterday, or the date; right also when midnight passes. */
export function DayDivider({ time }: { time: string }) {
  const words = useMessages();
  const today = useSyncExternalStore(subscribeToMidnight, () => dayOf(Date.now()));
  const day = dayOf(time);
  const [year = 0, month = 1, date = 1] = today.split('-').map(Number);
  const yesterday = dayOf(new Date(year, month - 1, date - 1).getTime());
  const name =
    day === today
      ? words.today
      : day === yesterday
        ? words.yesterday
        : formatOf(words.tag, 'day').format(new Date(time));
  return (
    <h2 className="day">
      <time dateTime={day}>{name}</time>
    </h2>
  );
}
