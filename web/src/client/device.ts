/** What the device had no room for, or forbids to keep: the page has it, for as long as it is open. */
const onlyHere = new Map<string, string>();

/** What is kept on this device, under names. Where that is not possible, the page keeps it by itself. */
export const device = {
  get(key: string): string | null {
    const here = onlyHere.get(key);
    if (here !== undefined) {
      return here;
    }
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage is switched off
    }
  },

  set(key: string, value: string): void {
    try {
      localStorage.setItem(key, value);
      onlyHere.delete(key);
    } catch {
      onlyHere.set(key, value); // no room
    }
  },

  remove(key: string): void {
    onlyHere.delete(key);
    try {
      localStorage.removeItem(key);
    } catch {
      // storage is switched off
    }
  },

  /** The names that begin with a prefix. */
  keys(prefix: string): string[] {
    const names = new Set(onlyHere.keys());
    try {
      for (let i = 0; i < localStorage.length; i++) {
        names.add(localStorage.key(i) ?? '');
      }
    } catch {
      // storage is switched off
    }
    return [...names].filter((name) => name.startsWith(prefix));
  },

  /** Whether something under one of these names, or that begins with them, would be gone with the page. */
  endsWithPage(prefix: string): boolean {
    return [...onlyHere.keys()].some((name) => name.startsWith(prefix));
  },
};
