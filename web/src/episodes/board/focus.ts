import { statuses } from '../../ui';
import type { Status } from '../../text';

const cardOf = (id: string) => document.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`);

export function focusCard(id: string): void {
  cardOf(id)?.focus();
}

/** In which column a card is, and where in it. */
export function columnOf(id: string): { status: Status; at: number; of: number } | undefined {
  const card = cardOf(id);
  const name = card?.closest('[data-column]')?.getAttribute('data-column');
  const status = statuses.find((one) => one === name);
  const item = card?.closest('[aria-posinset]');
  return status && { status, at: Number(item?.getAttribute('aria-posinset')), of: Number(item?.getAttribute('aria-setsize')) };
}

/** Moves the focus to the next column that has cards: to the one beside the card. */
export function focusBeside(id: string, step: 1 | -1): void {
  const card = cardOf(id);
  const column = card?.closest('[data-column]');
  if (!card || !column) {
    return;
  }
  const { top } = card.getBoundingClientRect();
  const columns = [...document.querySelectorAll('[data-column]')];
  for (let i = columns.indexOf(column) + step; i >= 0 && i < columns.length; i += step) {
    const cards = [...(columns[i]?.querySelectorAll<HTMLElement>('[data-card]') ?? [])];
    const distance = (one: HTMLElement): number => Math.abs(one.getBoundingClientRect().top - top);
    const nearest = cards.reduce<HTMLElement | undefined>((best, one) => (best && distance(best) <= distance(one) ? best : one), undefined);
    if (nearest) {
      nearest.focus();
      return;
    }
  }
}
