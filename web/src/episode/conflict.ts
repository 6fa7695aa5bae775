import { fieldsOf, same, type Episode, type Field, type Patch } from '../episodes/shared';

/** The fields that both have changed since the same version, to different values. What only one of them changed merges by itself. */
export function clashes(began: Episode, patch: Patch, theirs: Episode): Field[] {
  return fieldsOf(patch).filter((field) => !same(theirs[field], began[field]) && !same(theirs[field], patch[field]));
}

/** What is saved of a patch once it was chosen, field by field, what stays: what was not chosen, and what is so already, is left out. */
export function chosen(patch: Patch, theirs: Episode, mine: ReadonlySet<Field>, clashing: readonly Field[]): Patch {
  const kept = fieldsOf(patch).filter((field) => (mine.has(field) || !clashing.includes(field)) && !same(patch[field], theirs[field]));
  return Object.fromEntries(kept.map((field) => [field, patch[field]]));
}
