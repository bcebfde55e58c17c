/**
 * The page's two languages: which one is spoken, and how it is switched. Knows
 * nothing of what is said in them.
 */
import { createContext, use, useSyncExternalStore, type ReactNode } from 'react';
import { en, type Messages } from './en.ts';
import { zh } from './zh.ts';

export type { Messages } from './en.ts';

/** The spoken language, told to whoever subscribes. */
export type Language = {
  current: () => Messages;
  /** Changes to the other one, and remembers it. */
  switchOver: () => void;
  subscribe: (listener: () => void) => () => void;
};

/** Speaks what was chosen before, else the first language of the browser that is known here. */
export function createLanguage(options: {
  remembered: string | null;
  preferred: readonly string[];
  remember: (tag: string) => void;
}): Language {
  const spoken = (tag: string) => (/^zh\b/i.test(tag) ? zh : /^en\b/i.test(tag) ? en : undefined);
  let messages =
    [options.remembered ?? '', ...options.preferred].map(spoken).find((found) => found !== undefined) ?? en;
  const listeners = new Set<() => void>();
  return {
    current: () => messages,
    switchOver() {
      messages = messages === zh ? en : zh;
      options.remember(messages.tag);
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const LanguageContext = createContext<Language | null>(null);

export function LanguageProvider({ language, children }: { language: Language; children: ReactNode }) {
  return <LanguageContext value={language}>{children}</LanguageContext>;
}

/** The language itself, for those who switch it. */
export function useLanguage(): Language {
  const language = use(LanguageContext);
  if (language === null) throw new Error('There is no LanguageProvider above this component.');
  return language;
}

/** The words of the spoken language. */
export function useMessages(): Messages {
  const language = useLanguage();
  return useSyncExternalStore(language.subscribe, language.current);
}
