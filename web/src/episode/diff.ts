/** A part of a text: in both, only in the old one, or only in the new one. */
export interface Part {
  is: 'same' | 'was' | 'now';
  words: string;
}

const most = 400; // words on a side that are compared one by one; more is shown as replaced

/** What of a text has changed, word by word. */
export function diffWords(was: string, now: string): Part[] {
  const [a, b] = [wordsOf(was), wordsOf(now)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) {
    start++;
  }
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) {
    end++;
  }
  const middle = between(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return joined([part('same', a.slice(0, start)), ...middle, part('same', a.slice(a.length - end))]);
}

/** Words with the space that follows each. */
function wordsOf(text: string): string[] {
  return text.match(/\s*\S+\s*?(?=\s|$)|\s+$/g) ?? [];
}

function part(is: Part['is'], words: readonly string[]): Part {
  return { is, words: words.join('') };
}

/** The longest sequence of words that both have stays; the rest has gone, or come. */
function between(a: readonly string[], b: readonly string[]): Part[] {
  if (a.length > most || b.length > most) {
    return [part('was', a), part('now', b)];
  }
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const parts: Part[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      parts.push(part('same', [a[i] ?? '']));
      i++;
      j++;
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) {
      parts.push(part('was', [a[i++] ?? '']));
    } else {
      parts.push(part('now', [b[j++] ?? '']));
    }
  }
  return parts;
}

function joined(parts: readonly Part[]): Part[] {
  const result: Part[] = [];
  for (const { is, words } of parts) {
    const last = result.at(-1);
    if (last?.is === is) {
      last.words += words;
    } else if (words !== '') {
      result.push({ is, words });
    }
  }
  return result;
}

/** Leaves out what is far from a change: so many letters beside it stay. */
export function around(parts: readonly Part[], letters = 40): Part[] {
  return parts.map(({ is, words }, i) => {
    const before = i > 0 ? letters : 0; // after a change
    const after = i < parts.length - 1 ? letters : 0;
    if (is !== 'same' || words.length <= before + after + 10) {
      return { is, words };
    }
    const head = words.slice(0, before).replace(/\S*$/, '');
    const tail = after > 0 ? words.slice(-after).replace(/^\S*/, '') : '';
    return { is, words: `${head}…${tail}` };
  });
}
