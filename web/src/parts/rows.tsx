import { memo, type ReactNode } from 'react';
import type { Person, Unsent } from '@teahouse/client';
import { useMessages, type Messages } from '../messages/language.tsx';
import type { PresenceRow, Row } from '../room/rows.ts';
import { Icon } from './icon.tsx';
import { MessageText } from './message-text.tsx';
import { Avatar, Name } from './name.tsx';
import { DayDivider, Time } from './times.tsx';

/** One row of the conversation. */
export const RowView = memo(function RowView({ row, ownId }: { row: Row; ownId: string | undefined }) {
  const words = useMessages();
  switch (row.is) {
    case 'day':
      return <DayDivider time={row.time} />;
    case 'presence':
      return <Presence row={row} />;
    case 'change':
      return <Notice time={row.entry.time}>{describeChange(row.entry, words)}</Notice>;
    case 'message': {
      const { entry } = row;
      const gone = entry.deleted || entry.text === undefined;
      return (
        <Bubble
          from={entry.from}
          own={entry.from.id === ownId}
          opens={row.opens}
          time={<Time time={entry.time} />}
        >
          {gone ? <p className="gone">{words.takenBack}</p> : <MessageText text={entry.text ?? ''} />}
          {entry.edited !== undefined && !gone && <span className="mark">{words.edited}</span>}
        </Bubble>
      );
    }
    default:
      row satisfies never;
      return null;
  }
});

type BubbleProps = {
  from: Person;
  own: boolean;
  opens: boolean;
  time: ReactNode;
  children: ReactNode;
  below?: ReactNode;
};

/** Own messages are at the right, others' at the left with name and avatar; both once a run. */
function Bubble({ from, own, opens, time, children, below }: BubbleProps) {
  return (
    <article className={`row ${own ? 'own' : 'other'}${opens ? ' opens' : ''}`}>
      {opens && !own && <Avatar nick={from.nick} />}
      <div className="row-body">
        {/* In a run's later rows, and in one's own, the name is for screen readers. */}
        <header className="row-head">
          <span className={opens && !own ? '' : 'unseen'}>
            <Name nick={from.nick} />
          </span>
          {time}
        </header>
        <div className="bubble">{children}</div>
        {below}
      </div>
    </article>
  );
}

/** One's own message that is not yet an entry of the room. */
export function UnsentView({
  unsent,
  me,
  opens,
  onRetry,
  onDrop,
}: {
  unsent: Unsent;
  me: Person;
  opens: boolean;
  onRetry: (key: string) => void;
  onDrop: (key: string) => void;
}) {
  const words = useMessages();
  const { state } = unsent;
  const saying = {
    queued: words.waiting,
    sending: words.sending,
    held: words.held,
    sent: words.sending,
    failed: '',
  }[state.is];
  return (
    <Bubble
      from={me}
      own
      opens={opens}
      time={<Time time={new Date(unsent.written).toISOString()} />}
      below={
        state.is === 'failed' && (
          <p className="failed">
            <span role="alert">
              {words.notSent} {words.errors[state.why.code] ?? state.why.message}
            </span>
            <button type="button" onClick={() => onRetry(unsent.key)}>
              {words.tryAgain}
            </button>
            <button type="button" onClick={() => onDrop(unsent.key)}>
              {words.discard}
            </button>
          </p>
        )
      }
    >
      <MessageText text={unsent.text} />
      {saying !== '' && (
        <span className="mark pending" title={saying}>
          <Icon name="clock" />
          <span className="unseen">{saying}</span>
        </span>
      )}
    </Bubble>
  );
}

function Notice({ time, children }: { time: string; children: ReactNode }) {
  return (
    <article className="notice">
      {children} <Time time={time} />
    </article>
  );
}

/** A run of comings and goings as one line: what each person did last counts. */
function Presence({ row }: { row: PresenceRow }) {
  const words = useMessages();
  const last = new Map(row.entries.map((entry) => [entry.from.id, entry]));
  // In the order in which it happened: whoever left before another came in is named before.
  const changes = [...last.values()].sort((one, other) => one.seq - other.seq);
  const said = [...new Set(changes.map((entry) => entry.type))].map((type) => {
    const names = changes.filter((entry) => entry.type === type).map((entry) => isolate(entry.from.nick));
    const say = type === 'enter' ? words.came : words.went;
    return say(names[0] ?? '', names[1], names.length);
  });
  return <Notice time={row.entries.at(-1)?.time ?? ''}>{said.join(' · ')}</Notice>;
}

/** First strong isolate … pop: what `bdi` does, for names within a sentence. */
const isolate = (name: string) => `\u2068${name}\u2069`;

function describeChange(entry: Extract<Row, { is: 'change' }>['entry'], words: Messages): ReactNode {
  const who = <Name nick={entry.from.nick} />;
  switch (entry.type) {
    case 'topic':
      return entry.topic === '' ? (
        <>
          {who} {words.topicCleared}
        </>
      ) : (
        <>
          {who} {words.topicSet} <bdi>{entry.topic}</bdi>
        </>
      );
    case 'nick':
      return (
        <>
          {who} {words.isNow} <Name nick={entry.nick} />
        </>
      );
    case 'moderation':
      return (
        <>
          <Name nick={entry.target.nick} /> {words.kicked} {who}
        </>
      );
    default:
      entry satisfies never;
      return null;
  }
}
