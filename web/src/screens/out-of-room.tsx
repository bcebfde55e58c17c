import { useState } from 'react';
import { TeahouseError, type Client, type Room } from '@teahouse/client';
import { useMessages } from '../messages/language.tsx';
import { hashOf } from '../room-address.ts';

/** Where one is not, or not any more: why, and what can be done. */
export function OutOfRoom({ client, room }: { client: Client; room: Room }) {
  const words = useMessages();
  const [problem, setProblem] = useState('');
  const notThere = room.why?.code === 'room_not_found';

  async function comeIn(): Promise<void> {
    try {
      if (notThere) await client.create(room.name);
      await client.join(room.name);
    } catch (error) {
      setProblem(error instanceof TeahouseError ? words.errors[error.code] : words.errors.internal);
    }
  }

  return (
    <div className="empty">
      <p>{notThere ? words.noRoom(room.name) : room.why ? words.errors[room.why.code] : words.outOfRoom}</p>
      <p className="empty-actions">
        <button type="button" className="button-main" onClick={() => void comeIn()}>
          {notThere ? words.openRoom : words.backIn}
        </button>
        {room.name !== 'lobby' && <a href={hashOf('lobby')}>{words.toLobby}</a>}
      </p>
      <p className="problem" role="alert">
        {problem}
      </p>
    </div>
  );
}
