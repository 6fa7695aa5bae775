import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';

import { useNow } from '../live';
import { useZone } from '../session';
import { monthName, text, today } from '../text';
import { Button } from '../ui';
import { monthAfter, type ListAddress } from './address';
import css from './MonthSwitch.module.css';

/** Which month the calendar shows, and the way to others. */
export function MonthSwitch({ address: { month }, change }: { address: Pick<ListAddress, 'month'>; change: (change: Pick<ListAddress, 'month'>) => void }) {
  const now = today(useNow(), useZone()).slice(0, 7);
  const shown = month || now;
  const step = (by: number) => (): void => {
    const to = monthAfter(shown, by);
    change({ month: to === now ? '' : to });
  };
  return (
    <span className={css['month']}>
      <h2 aria-live="polite">{monthName(shown)}</h2>
      <Button size="small" look="quiet" icon label={text.episodes.monthBefore} onClick={step(-1)}>
        <IconChevronLeft size={16} stroke={1.75} aria-hidden="true" />
      </Button>
      <Button size="small" onClick={() => change({ month: '' })}>
        {text.episodes.monthNow}
      </Button>
      <Button size="small" look="quiet" icon label={text.episodes.monthAfter} onClick={step(1)}>
        <IconChevronRight size={16} stroke={1.75} aria-hidden="true" />
      </Button>
    </span>
  );
}
