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
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { useMessages } from '../messages/language.tsx';
import { Icon } from './icon.tsx';

/** Nearer to the end than this is at the end, in pixels. */
const AT_END = 50;
/** Older rows are asked for when less than this many viewports are above. */
const PREFETCH = 1.5;
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
  const list = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const lastOffset = useRef(0);
  /** How many had arrived when the end was left; null while the end is followed. */
  const [leftAt, setLeftAt] = useState<number | null>(null);

  const count = items.length;
  const toEnd = useCallback(() => {
    following.current = true;
    setLeftAt(null);
    if (count > 0) list.current?.scrollToIndex(count - 1, { align: 'end' });
  }, [count]);

  const askEarly = useCallback(() => {
    const handle = list.current;
    if (handle && handle.scrollOffset < handle.viewportSize * PREFETCH) onNearStart();
  }, [onNearStart]);

  function onScroll(offset: number): void {
    const handle = list.current;
    if (!handle) return;
    const distance = handle.scrollSize - offset - handle.viewportSize;
    if (distance <= AT_END) {
      following.current = true;
      setLeftAt(null);
    } else if (offset < lastOffset.current && following.current) {
      // Only going up leaves the end; growth below it does not.
      following.current = false;
      setLeftAt(arrived);
    }
    lastOffset.current = offset;
    askEarly();
  }

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
      <div ref={scroller} className="feed" role="feed" aria-label={words.conversation} tabIndex={0}>
        <div className="feed-space" />
        <div className="feed-top">{top}</div>
        <Virtualizer
          ref={list}
          scrollRef={scroller}
          data={items}
          startMargin={TOP_HEIGHT}
          shift={grewAtStart}
          onScroll={onScroll}
          onResize={() => following.current && toEnd()}
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
