import { useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useMessages } from '../messages/language.tsx';
import { isComposing } from './composing.ts';
import { Icon } from './icon.tsx';

/** UTF-8 bytes of one message, as the protocol has it. */
const TEXT_BYTES = 16_384;
const bytesOf = (text: string) => new TextEncoder().encode(text).length;

/**
 * The box. Enter sends, Shift+Enter breaks the line, and neither does anything
 * while a character is being composed.
 */
export function Composer({
  room,
  draft,
  onDraft,
  onSend,
  hint,
  onHintUsed,
}: {
  room: string;
  /** What was in the box before a reload. */
  draft: string;
  onDraft: (text: string) => void;
  onSend: (text: string) => void;
  /** Shows what Enter does, until it has been used. */
  hint: boolean;
  onHintUsed: () => void;
}) {
  const words = useMessages();
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(draft);
  const tooLong = text.length > TEXT_BYTES / 4 && bytesOf(text.trimEnd()) > TEXT_BYTES;

  // Browsers that cannot let a field grow by its content are told its height.
  useLayoutEffect(() => {
    if (CSS.supports('field-sizing', 'content') || !box.current) return;
    box.current.style.height = 'auto';
    if (text !== '') box.current.style.height = `${box.current.scrollHeight}px`;
  }, [text]);

  function change(value: string): void {
    setText(value);
    onDraft(value);
  }

  function send(): void {
    const said = text.trimEnd();
    if (said.trim() === '' || tooLong) return;
    change('');
    onSend(said);
    box.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event.nativeEvent)) return;
    event.preventDefault();
    send();
    onHintUsed();
  }

  return (
    <form
      className="composer"
      aria-label={words.write}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="composer-box">
        <textarea
          ref={box}
          id="box"
          rows={1}
          dir="auto"
          value={text}
          placeholder={words.writeTo(room)}
          aria-label={words.writeTo(room)}
          aria-describedby="box-note"
          aria-invalid={tooLong}
          enterKeyHint="send"
          autoComplete="off"
          autoFocus
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <button
          type="submit"
          className="send"
          aria-label={words.send}
          title={words.send}
          aria-disabled={text.trim() === '' || tooLong}
        >
          <Icon name="send" />
        </button>
      </div>
      <p
        id="box-note"
        className={tooLong ? 'box-note problem' : 'box-note'}
        role={tooLong ? 'alert' : undefined}
      >
        {tooLong ? words.tooLong : hint ? words.keysHint : ''}
      </p>
    </form>
  );
}
