import { useEffect, useMemo, useState } from 'react';
import type { Client, Person, Room } from '@teahouse/client';
import { useMessages } from '../messages/language.tsx';
import { fetchPeople, sortPeople } from '../room/people.ts';
import { Icon } from './icon.tsx';
import { Avatar, Name } from './name.tsx';

/** Who is in the room. Beside the conversation where there is space, over it where there is not. */
export function PeopleList({
  client,
  room,
  ownId,
  open,
  onClose,
}: {
  client: Client;
  room: Room;
  ownId: string | undefined;
  open: boolean;
  onClose: () => void;
}) {
  const words = useMessages();
  const people = usePeople(client, room);
  const sorted = useMemo(() => sortPeople(people, ownId, words.tag), [people, ownId, words.tag]);
  const more = room.people - sorted.length;

  return (
    <aside id="people" className={open ? 'people people-open' : 'people'} aria-label={words.people}>
      <div className="people-head">
        <h2>{words.peopleCount(room.people)}</h2>
        <button type="button" className="button-icon people-close" aria-label={words.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <ul>
        {sorted.map((person) => (
          <li key={person.id}>
            <Avatar nick={person.nick} />
            <Name nick={person.nick} />
            {person.id === ownId && <span className="people-you">{words.you}</span>}
          </li>
        ))}
      </ul>
      {more > 0 && <p className="people-more">{words.peopleMore(more)}</p>}
    </aside>
  );
}

/** The answer to `join` tells of 100 people and is kept up; where there are more, they are asked for as their number changes. */
function usePeople(client: Client, room: Room): readonly Person[] {
  const [fetched, setFetched] = useState<{ room: string; people: readonly Person[] } | null>(null);
  const incomplete = room.is === 'in' && room.people > room.members.length;
  useEffect(() => {
    if (!incomplete) return;
    let wanted = true;
    // Comings and goings come in crowds: one look a second is enough.
    const timer = setTimeout(() => {
      void fetchPeople(client, room.name, room.people).then(
        (people) => wanted && setFetched({ room: room.name, people }),
      );
    }, 1_000);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [client, room.name, room.people, incomplete]);
  return incomplete && fetched?.room === room.name && fetched.people.length > room.members.length
    ? fetched.people
    : room.members;
}
