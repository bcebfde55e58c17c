import { useEffect, useMemo, useState } from 'react';
import { useMessages } from '../messages/language.tsx';
import { fetchListeners, waysInto, type Listeners } from '../room/ways-in.ts';
import { CopyButton } from './copy-button.tsx';
import { QrCode } from './qr-code.tsx';

/** How others can come into the room, from each kind of client there is a door for. */
export function Invite({ room }: { room: string }) {
  const words = useMessages();
  const [listeners, setListeners] = useState<Listeners>({ pages: [], listeners: [] });
  useEffect(() => {
    let wanted = true;
    void fetchListeners().then((found) => wanted && setListeners(found));
    return () => {
      wanted = false;
    };
  }, []);
  const ways = useMemo(() => waysInto(room, new URL(location.href), listeners), [room, listeners]);

  return (
    <div className="invite">
      <QrCode text={ways.page} label={words.qrCode(ways.page)} />
      <dl className="invite-ways">
        <dt>{words.inBrowser}</dt>
        <dd>
          <code>{ways.page}</code> <CopyButton text={ways.page} />
          {ways.onlyHere && <p className="invite-note">{words.onlyHere}</p>}
        </dd>
        {ways.terminal !== null && (
          <>
            <dt>{words.inTerminal}</dt>
            <dd>
              <code>{ways.terminal}</code> <CopyButton text={ways.terminal} />
            </dd>
          </>
        )}
        {ways.byHand !== null && (
          <>
            <dt>{words.byHand}</dt>
            <dd>
              <code>{ways.byHand.connect}</code>
              {ways.byHand.lines.map((line) => (
                <code key={line} className="invite-line">
                  {line}
                </code>
              ))}
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}
