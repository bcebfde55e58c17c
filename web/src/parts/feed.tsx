/**
 * The conversation's list: the only place that moves its scroll position. It
 * follows the end until somebody scrolls up, keeps its place while older rows
 * come in front, and asks for them early enough. Knows nothing of what a row is.
 */
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type ReactElement,
  type ReactNode,
} from 'react';
import { Virtualizer } from 'virtua';
import { useMessages } from '../messages/language.tsx';
import { Icon } from './icon.tsx';

/** Nearer to the end than this is at the end, in pixels. */
const AT_END = 50;
/** Older rows are asked for when less than this many viewports are above. */
const PREFETCH = 1.5;
/** Rows this far out of view are drawn, and so measured before they come into it, in pixels. */
const BUFFER = 1_200;
/** The height of what stands above the first row; style/conversation.css sets the same. */
const TOP_HEIGHT = 48;

export type FeedProps<T> = {
  items: readonly T[];
  children: (item: T, index: number) => ReactElement;
  /** The last change put items in front, and did nothing else. */
  grewAtStart: boolean;
  /** Grows by each message of others that comes at the end. */
  arrived: number;
  /** Grows by each message of one's own: one's own words are always followed. */
  ownSends: number;
  onNearStart: () => void;
  /** What stands above the first row. */
  top: ReactNode;
};

export function Feed<T>({ items, children, grewAtStart, arrived, ownSends, onNearStart, top }: FeedProps<T>) {
  const words = useMessages();
  const scroller = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const lastTop = useRef(0);
  const lastHeight = useRef(0);
  /** How many had arrived when the end was left; null while the end is followed. */
  const [leftAt, setLeftAt] = useState<number | null>(null);

  /** Set by hand: the list's own way to a row goes on for a while after it was asked, and takes back whoever scrolls up. */
  const toEnd = useCallback(() => {
    following.current = true;
    setLeftAt(null);
    if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, []);

  const askEarly = useCallback(() => {
    const feed = scroller.current;
    if (feed && feed.scrollTop < feed.clientHeight * PREFETCH) onNearStart();
  }, [onNearStart]);

  function onScroll(): void {
    const feed = scroller.current;
    if (!feed) return;
    const distance = feed.scrollHeight - feed.scrollTop - feed.clientHeight;
    if (distance <= AT_END) {
      following.current = true;
      setLeftAt(null);
    } else if (following.current && feed.scrollHeight !== lastHeight.current) {
      // Rows were measured, and the list put itself right: nobody has gone up.
      toEnd();
    } else if (feed.scrollTop < lastTop.current && following.current) {
      // Only going up leaves the end; growth below it does not.
      following.current = false;
      setLeftAt(arrived);
    }
    lastTop.current = feed.scrollTop;
    lastHeight.current = feed.scrollHeight;
    askEarly();
  }

  // Rows are measured after they are drawn, and a keyboard makes the view smaller: the end stays in it.
  useLayoutEffect(() => {
    const feed = scroller.current;
    if (!feed) return;
    const observer = new ResizeObserver(() => following.current && toEnd());
    observer.observe(feed);
    if (feed.lastElementChild) observer.observe(feed.lastElementChild);
    return () => observer.disconnect();
  }, [toEnd]);
  useLayoutEffect(() => {
    if (following.current && items.length > 0) toEnd();
  }, [items, toEnd]);
  const lastSends = useRef(ownSends);
  useLayoutEffect(() => {
    if (ownSends !== lastSends.current) toEnd();
    lastSends.current = ownSends;
  }, [ownSends, toEnd]);
  useEffect(() => {
    if (items.length > 0) askEarly();
  }, [askEarly, items]);

  const unseen = leftAt === null ? 0 : arrived - leftAt;
  return (
    <div className="feed-frame">
      <div
        ref={scroller}
        className="feed"
        role="feed"
        aria-label={words.conversation}
        tabIndex={0}
        onScroll={onScroll}
      >
        <div className="feed-space" />
        <div className="feed-top">{top}</div>
        <Virtualizer
          scrollRef={scroller}
          data={items}
          startMargin={TOP_HEIGHT}
          bufferSize={BUFFER}
          shift={grewAtStart && leftAt !== null}
        >
          {children}
        </Virtualizer>
      </div>
      {leftAt !== null && (
        <button type="button" className="to-end" onClick={toEnd}>
          {unseen > 0 ? words.newMessages(unseen) : <span className="unseen">{words.toEnd}</span>}
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}
