/**
 * The first screen: one field, a name. It is plain DOM, and its HTML is in
 * index.html, so that a name typed before the script has come, an unfinished
 * composition included, stays as it is.
 */
import { isComposing } from '../parts/composing.ts';
import type { Language } from '../messages/language.tsx';

export type Door = {
  /** Opens it, with what is wrong, if something is. */
  show: (problem?: string) => void;
  hide: () => void;
  /** While the server is being asked, nothing can be sent twice; `problem` is why that takes long. */
  setBusy: (busy: boolean, problem?: string) => void;
};

function find<T extends HTMLElement>(id: string, type: new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`index.html has no #${id}.`);
  return element;
}

/** Brings the door to life. `onName` gets a name as it was typed, without the white space around it. */
export function createDoor({
  language,
  room,
  lastName,
  onName,
}: {
  language: Language;
  room: () => string;
  lastName: string | null;
  onName: (name: string) => void;
}): Door {
  const door = find('door', HTMLElement);
  const form = door.querySelector('form') as HTMLFormElement;
  const field = find('name', HTMLInputElement);
  const button = find('door-enter', HTMLButtonElement);
  const problem = find('door-problem', HTMLElement);
  const switcher = find('door-language', HTMLButtonElement);
  let busy = false;

  function label(): void {
    const words = language.current();
    document.documentElement.lang = words.tag;
    document.title = words.app;
    find('door-room', HTMLElement).textContent = room();
    (door.querySelector('h1') as HTMLElement).textContent = words.app;
    (door.querySelector('label') as HTMLElement).textContent = words.name;
    button.textContent = busy ? words.entering : words.enter;
    switcher.textContent = words.otherLanguage;
    switcher.hidden = false;
  }

  function tell(text: string): void {
    problem.textContent = text;
    field.setAttribute('aria-invalid', String(text !== ''));
  }

  // A form that was sent before the script had come leaves the name in the address.
  const early = new URLSearchParams(location.search).get('name');
  if (early !== null) history.replaceState(null, '', `${location.pathname}${location.hash}`);
  if (field.value === '') field.value = early ?? lastName ?? '';

  field.addEventListener('input', () => tell(''));
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && isComposing(event)) event.preventDefault();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const name = field.value.trim();
    if (name !== '' && !busy) onName(name);
  });
  switcher.addEventListener('click', language.switchOver);
  language.subscribe(label);
  label();

  return {
    show(text = '') {
      door.hidden = false;
      label();
      tell(text);
      if (text !== '') field.select();
      field.focus();
    },
    hide() {
      door.hidden = true;
    },
    setBusy(value, text) {
      busy = value;
      if (text !== undefined) tell(text);
      // Not `disabled`: the field keeps the focus.
      form.setAttribute('aria-busy', String(value));
      field.readOnly = value;
      label();
    },
  };
}
