/**
 * What the page remembers in the browser. `forAll` is shared by all tabs of the
 * origin and outlives them; `forTab` outlives a reload only. Where the browser
 * gives no storage, nothing is remembered and everything else works.
 */
export type Memory = {
  get: (name: string) => string | null;
  /** An empty or undefined value forgets. */
  set: (name: string, value: string | undefined) => void;
};

function remember(storageOf: () => Storage): Memory {
  return {
    get(name) {
      try {
        return storageOf().getItem(`teahouse.${name}`);
      } catch {
        return null;
      }
    },
    set(name, value) {
      try {
        if (value) storageOf().setItem(`teahouse.${name}`, value);
        else storageOf().removeItem(`teahouse.${name}`);
      } catch {
        // Full or forbidden: the page goes on without it.
      }
    },
  };
}

export const forAll = remember(() => localStorage);
export const forTab = remember(() => sessionStorage);
