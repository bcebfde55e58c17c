import { memo } from 'react';
import { showControls, splitText } from '../room/text-parts.ts';

/** What somebody wrote: lines kept, addresses clickable, nothing else is markup. */
export const MessageText = memo(function MessageText({ text }: { text: string }) {
  return (
    <div className="text" dir="auto">
      {splitText(showControls(text)).map((part, index) =>
        part.is === 'text' ? (
          part.text
        ) : (
          <a key={index} href={part.href} target="_blank" rel="noopener noreferrer">
            <bdi>{part.text}</bdi>
            {part.realHost !== undefined && ` (${part.realHost})`}
          </a>
        ),
      )}
    </div>
  );
});
