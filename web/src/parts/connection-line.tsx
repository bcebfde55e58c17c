import { useEffect, useState } from 'react';
import type { ConnectionState } from '@teahouse/client';
import { useMessages } from '../messages/language.tsx';

/** Whole seconds until a time, counting down. */
function useSecondsUntil(until: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.ceil((until - now) / 1_000));
}

/** What is wrong with the line and when the next try is; nothing when all is well. */
export function ConnectionLine({ state, onTryNow }: { state: ConnectionState; onTryNow: () => void }) {
  const words = useMessages();
  switch (state.is) {
    case 'online':
    case 'greeted':
      return null;
    case 'offline':
    case 'connecting': {
      const isFirst = state.is === 'offline' || state.attempt === 0;
      return (
        <div className={isFirst ? 'connection connection-soon' : 'connection'} role="status">
          <span>{words.connecting}</span>
        </div>
      );
    }
    case 'waiting':
      return <Waiting until={state.until} why={words.errors[state.why.code]} onTryNow={onTryNow} />;
    case 'stopped':
      return (
        <div className="connection" role="status">
          <span>
            {words.stopped} {words.errors[state.why.code]}
          </span>
          <button type="button" onClick={onTryNow}>
            {words.tryNow}
          </button>
        </div>
      );
    default:
      state satisfies never;
      return null;
  }
}

function Waiting({ until, why, onTryNow }: { until: number; why: string; onTryNow: () => void }) {
  const words = useMessages();
  const seconds = useSecondsUntil(until);
  return (
    <div className="connection">
      {/* The countdown is not read out each second. */}
      <span role="status">{why}</span> <span aria-hidden="true">{words.nextTry(seconds)}</span>
      <button type="button" onClick={onTryNow}>
        {words.tryNow}
      </button>
    </div>
  );
}
