/**
 * The room: who is there, what is said, and the box. Everything it shows comes
 * from the client and the room's log; it keeps no truth of its own.
 */
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { Client, Person, Room } from '@teahouse/client';
import { useMessages } from '../messages/language.tsx';
import { forAll, forTab } from '../browser-memory.ts';
import { Announcer } from '../parts/announcer.tsx';
import { Composer } from '../parts/composer.tsx';
import { ConnectionLine } from '../parts/connection-line.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { Invite } from '../parts/invite.tsx';
import { OwnMenu } from '../parts/own-menu.tsx';
import { PeopleList } from '../parts/people-list.tsx';
import type { RoomLog } from '../room/room-log.ts';
import { Conversation } from './conversation.tsx';
import { OutOfRoom } from './out-of-room.tsx';

const NOT_YET: Omit<Room, 'name'> = { is: 'joining', topic: '', people: 0, members: [], from: 0, lastSeq: 0 };

/** The room as the client knows it, kept up. */
function useRoom(client: Client, name: string): Room {
  const subscribe = useCallback((listener: () => void) => client.on('room', listener), [client]);
  const [unknown] = useState<Room>({ ...NOT_YET, name });
  return useSyncExternalStore(subscribe, () => client.room(name) ?? unknown);
}

export function RoomScreen({
  client,
  log,
  name,
  me,
  onTryNow,
  onLeave,
}: {
  client: Client;
  log: RoomLog;
  name: string;
  me: Person;
  onTryNow: () => void;
  onLeave: () => void;
}) {
  const words = useMessages();
  const room = useRoom(client, name);
  const connection = useSyncExternalStore(client.subscribe, () => client.state);
  const [ownSends, setOwnSends] = useState(0);
  const [peopleOpen, setPeopleOpen] = useState(false);
  const [inviting, setInviting] = useState(false);
  const [hint, setHint] = useState(() => forAll.get('hint-used') === null);

  useEffect(() => {
    if (!peopleOpen) return;
    const close = (event: KeyboardEvent) => event.key === 'Escape' && setPeopleOpen(false);
    document.addEventListener('keydown', close);
    return () => document.removeEventListener('keydown', close);
  }, [peopleOpen]);

  function send(text: string): void {
    client.send(name, text);
    setOwnSends((count) => count + 1);
  }

  return (
    <div className="room">
      <a
        className="skip"
        href="#box"
        onClick={(event) => {
          // A jump by address would be taken for another room.
          event.preventDefault();
          document.getElementById('box')?.focus();
        }}
      >
        {words.skipToBox}
      </a>
      <header className="brand">
        <Icon name="mark" />
        <span className="brand-name">{words.app}</span>
      </header>
      <main className="main">
        <div className="bar">
          <div className="bar-room">
            <h1>
              <bdi>{name}</bdi>
            </h1>
            {room.topic !== '' && (
              <p className="bar-topic" title={room.topic}>
                <bdi>{room.topic}</bdi>
              </p>
            )}
          </div>
          <button
            type="button"
            className="button-icon"
            aria-label={words.invite}
            title={words.invite}
            onClick={() => setInviting(true)}
          >
            <Icon name="invite" />
          </button>
          <button
            type="button"
            className="button-icon bar-people"
            aria-label={words.peopleCount(room.people)}
            aria-expanded={peopleOpen}
            aria-controls="people"
            onClick={() => setPeopleOpen(!peopleOpen)}
          >
            <Icon name="people" />
            <span aria-hidden="true">{room.people}</span>
          </button>
          <OwnMenu me={me} onLeave={onLeave} />
        </div>
        <section className="conversation" aria-label={words.conversation}>
          <ConnectionLine state={connection} onTryNow={onTryNow} />
          {room.is === 'out' ? (
            <OutOfRoom client={client} room={room} />
          ) : (
            <Conversation client={client} log={log} room={room} me={me} ownSends={ownSends} />
          )}
          <Announcer client={client} room={name} ownId={me.id} />
        </section>
        {room.is !== 'out' && (
          <Composer
            room={name}
            draft={forTab.get(`draft.${name}`) ?? ''}
            onDraft={(text) => forTab.set(`draft.${name}`, text)}
            onSend={send}
            hint={hint}
            onHintUsed={() => {
              setHint(false);
              forAll.set('hint-used', 'yes');
            }}
          />
        )}
      </main>
      {peopleOpen && <div className="shade" onClick={() => setPeopleOpen(false)} />}
      <PeopleList
        client={client}
        room={room}
        ownId={me.id}
        open={peopleOpen}
        onClose={() => setPeopleOpen(false)}
      />
      {inviting && (
        <Dialog title={words.inviteTitle(name)} onClose={() => setInviting(false)}>
          <Invite room={name} />
        </Dialog>
      )}
    </div>
  );
}
