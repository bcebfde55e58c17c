import { useState } from 'react';
import { useMessages } from '../messages/language.tsx';

/** At an address without TLS there is no clipboard to write to: there, a text area that is selected is copied. */
async function copy(text: string): Promise<boolean> {
  if (window.isSecureContext && navigator.clipboard) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'unseen';
  area.setAttribute('readonly', '');
  // Within an open dialog nothing outside it can be selected.
  const place = document.activeElement?.parentElement ?? document.body;
  place.append(area);
  area.select();
  // oxlint-disable-next-line typescript/no-deprecated -- the only way at an address without TLS
  const done = document.execCommand('copy');
  area.remove();
  return done;
}

export function CopyButton({ text }: { text: string }) {
  const words = useMessages();
  const [hasCopied, setHasCopied] = useState(false);
  return (
    <button
      type="button"
      className="button-quiet copy"
      onClick={(event) => {
        const button = event.currentTarget;
        void copy(text).then((copied) => {
          setHasCopied(copied);
          button.focus();
          setTimeout(() => setHasCopied(false), 2_000);
        });
      }}
    >
      <span aria-live="polite">{hasCopied ? words.copied : words.copy}</span>
    </button>
  );
}
