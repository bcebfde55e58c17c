import { useMemo, useSyncExternalStore } from 'react';
import type { Client, Person, Room, Unsent } from '@teahouse/client';
import { useMessages } from '../messages/language.tsx';
import { Feed } from '../parts/feed.tsx';
import { Invite } from '../parts/invite.tsx';
import { RowView, UnsentView } from '../parts/rows.tsx';
import type { RoomLog } from '../room/room-log.ts';
import { continuesRun, type Row } from '../room/rows.ts';

type Item = Row | { is: 'unsent'; key: string; unsent: Unsent; opens: boolean };

/** The rows of the log, the unsent after them. One row stands for a message from before it is stored until after. */
function useItems(rows: readonly Row[], unsent: readonly Unsent[], me: Person): readonly Item[] {
  return useMemo(() => {
    if (unsent.length === 0) return rows;
    const items: Item[] = [...rows];
    unsent.forEach((message, index) => {
      const before = unsent[index - 1];
      const opens =
        before === undefined ? !continuesRun(rows.at(-1), me, message.written) : before.state.is === 'failed';
      items.push({ is: 'unsent', key: `k${message.key}`, unsent: message, opens });
    });
    return items;
  }, [rows, unsent, me]);
}

export function Conversation({
  client,
  log,
  room,
  me,
  ownSends,
}: {
  client: Client;
  log: RoomLog;
  room: Room;
  me: Person;
  ownSends: number;
}) {
  const words = useMessages();
  const state = useSyncExternalStore(log.subscribe, log.state);
  const items = useItems(state.rows, state.unsent, me);
  const isEmpty = state.whole && !state.hasMessages && state.unsent.length === 0;

  if (isEmpty) {
    return (
      <div className="empty">
        <h2>{words.emptyTitle}</h2>
        <p>{words.emptyText}</p>
        <Invite room={room.name} />
      </div>
    );
  }
  const top =
    state.missed > 0
      ? words.missed(state.missed)
      : state.whole
        ? words.beginning(room.name)
        : state.rows.length > 0
          ? words.loadingOlder
          : '';
  return (
    <Feed
      items={items}
      grewAtStart={state.grewAtStart}
      arrived={state.arrived}
      ownSends={ownSends}
      onNearStart={log.loadOlder}
      top={top}
    >
      {(item) =>
        item.is === 'unsent' ? (
          <UnsentView
            key={item.key}
            unsent={item.unsent}
            me={me}
            opens={item.opens}
            onRetry={client.retry}
            onDrop={client.drop}
          />
        ) : (
          <RowView key={item.key} row={item} ownId={me.id} />
        )
      }
    </Feed>
  );
}
