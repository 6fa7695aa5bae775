import { IconChevronRight } from '@tabler/icons-react';
import { createContext, useContext, useEffect, useRef, type ReactNode } from 'react';

import { text } from '../text';
import css from './Page.module.css';

interface Ends {
  /** On every page. */
  lamp: ReactNode;
  /** Where nothing stands before the title: there is room, and the way back leads there. */
  search: ReactNode;
  me: ReactNode;
}

/** What the shell puts at the end of a page's head on phones. */
export const HeadEnd = createContext<Ends>({ lamp: null, search: null, me: null });

/** What stands before every title: how much is unread. */
export const TitleStart = createContext('');

interface PageProps {
  title: string;
  /** In the place of the title, where the page has a heading of its own: that one has data-title. */
  crumbs?: ReactNode;
  /** Before the title: the place that it belongs to. */
  crumb?: ReactNode;
  /** Beside the title: what is known of the number. */
  count?: ReactNode;
  /** Beside that: the views. */
  views?: ReactNode;
  /** At the end: one act in ink at most. */
  acts?: ReactNode;
  /** Below: filters. */
  bar?: ReactNode;
  children: ReactNode;
}

/** A page: its head, a bar of filters, and what it is about. Whoever comes to it finds the focus on its title. */
export function Page({ title, crumb, crumbs, count, views, acts, bar, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const end = useContext(HeadEnd);
  const start = useContext(TitleStart);
  const top = !crumb && !crumbs;
  useEffect(() => {
    document.title = `${start}${title} · ${text.product}`;
  }, [start, title]);
  useEffect(() => {
    if (moved) {
      (heading.current ?? document.querySelector<HTMLElement>('[data-title]'))?.focus({ preventScroll: true });
    }
    moved = true;
  }, []);
  return (
    <>
      <header className={css['head']}>
        {crumb && (
          <span className={css['crumb']}>
            {crumb}
            <IconChevronRight size={14} stroke={1.75} aria-hidden="true" />
          </span>
        )}
        {crumbs ?? (
          <h1 className={css['title']} ref={heading} tabIndex={-1}>
            {title}
          </h1>
        )}
        {count !== undefined && <span className={css['count']}>{count}</span>}
        {views && <div className={css['views']}>{views}</div>}
        <div className={css['end']}>
          {end.lamp}
          {top && end.search}
          {acts}
          {top && end.me}
        </div>
      </header>
      {bar && <div className={css['bar']}>{bar}</div>}
      {children}
    </>
  );
}

/** Whether a page was shown before: the first one leaves the focus where the browser has it. */
let moved = false;
