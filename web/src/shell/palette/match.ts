const plain = (words: string): string => words.toLowerCase();

/** Whether a name has what was typed in it. */
export function matches(name: string, words: string): boolean {
  return plain(name).includes(plain(words));
}

/** A name in parts: what was typed, and what is between. A letter that is longer in lower case, of which there are few, points nothing out. */
export function split(name: string, words: string): { is: boolean; part: string }[] {
  const low = plain(name);
  const at = words === '' || low.length !== name.length ? -1 : low.indexOf(plain(words));
  if (at < 0) {
    return [{ is: false, part: name }];
  }
  const end = at + words.length;
  return [
    { is: false, part: name.slice(0, at) },
    { is: true, part: name.slice(at, end) },
    { is: false, part: name.slice(end) },
  ].filter(({ part }) => part !== '');
}
