import { useRef } from 'react';
import type { Person } from '@teahouse/client';
import { useLanguage, useMessages } from '../messages/language.tsx';
import { Avatar, Name } from './name.tsx';

/** Who one is here, the language, and the way out. */
export function OwnMenu({ me, onLeave }: { me: Person; onLeave: () => void }) {
  const words = useMessages();
  const language = useLanguage();
  const menu = useRef<HTMLDivElement>(null);
  return (
    <>
      <button
        type="button"
        className="button-icon own-button"
        popoverTarget="own-menu"
        aria-label={words.menu(me.nick)}
        title={words.menu(me.nick)}
      >
        <Avatar nick={me.nick} />
      </button>
      <div ref={menu} id="own-menu" className="own-menu" popover="auto">
        <p className="own-name">
          <span>{words.youAre}</span> <Name nick={me.nick} />
        </p>
        <button
          type="button"
          onClick={() => {
            language.switchOver();
            menu.current?.hidePopover();
          }}
        >
          {words.switchLanguage}
        </button>
        <button type="button" className="own-leave" onClick={onLeave}>
          {words.leave}
          <small>{words.leaveHint}</small>
        </button>
      </div>
    </>
  );
}
