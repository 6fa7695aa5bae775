// Colours by a hash of an id: the same thing has the same colour everywhere.

function hash(id: string): number {
  let sum = 2166136261; // FNV-1a
  for (const char of id) {
    sum = Math.imul(sum ^ char.charCodeAt(0), 16777619);
  }
  return sum >>> 0;
}

/** The colours of revised script pages, of avatars. */
const pages = ['blue', 'pink', 'yellow', 'green', 'goldenrod', 'buff', 'salmon', 'cherry'] as const;

export function pageOf(userId: string): (typeof pages)[number] {
  return pages[hash(userId) % pages.length] ?? 'blue';
}

/** Which of the eight squares of shows, from 1. */
export function squareOf(showId: string): number {
  return (hash(showId) % 8) + 1;
}

/** The first letters of the first and the last word of a name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '');
  return letters.join('').toLocaleUpperCase();
}
