import { useEffect, useRef, useState } from 'react';
import type { Client } from '@teahouse/client';
import { useMessages } from '../messages/language.tsx';
import { showControls } from '../room/text-parts.ts';

/** More messages than this in one span are told by their number. */
const TOLD_EACH = 3;
const SPAN_MS = 1_000;
const TOLD_CHARACTERS = 120;

/**
 * Speaks what others write, for those who listen: apart from the list, so that
 * rows that come and go while scrolling are not read out.
 */
export function Announcer({
  client,
  room,
  ownId,
}: {
  client: Client;
  room: string;
  ownId: string | undefined;
}) {
  const words = useMessages();
  const [told, setTold] = useState<readonly { id: number; text: string }[]>([]);
  const heard = useRef<{ nick: string; text: string }[]>([]);

  useEffect(() => {
    let id = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = () => {
      timer = undefined;
      const messages = heard.current;
      heard.current = [];
      const lines =
        messages.length > TOLD_EACH
          ? [words.alsoSaid(messages.length, messages.at(-1)?.nick ?? '')]
          : messages.map(({ nick, text }) => words.said(nick) + showControls(text.slice(0, TOLD_CHARACTERS)));
      setTold((before) => [...before, ...lines.map((text) => ({ id: id++, text }))].slice(-TOLD_EACH));
    };
    const end = client.on('entry', ({ entry, replayed }) => {
      if (
        entry.type !== 'message' ||
        entry.room !== room ||
        replayed ||
        entry.from.id === ownId ||
        entry.text === undefined
      )
        return;
      heard.current.push({ nick: entry.from.nick, text: entry.text });
      timer ??= setTimeout(tell, SPAN_MS);
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [client, room, ownId, words]);

  return (
    <div className="unseen" role="log" aria-live="polite">
      {told.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  );
}
