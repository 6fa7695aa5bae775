import { useSearch } from 'wouter';

import { Link, useLocation } from '../address';
import { useOpenView } from '../savedviews/shared';
import { useMayEdit } from '../session';
import { NewShow, ShowMenu, ShowSquare, useShows } from '../shows/shared';
import { text } from '../text';
import css from './SideBar.module.css';

/** How the list is shown: another show is shown the same way. */
const kept = ['view', 'month', 'sort', 'cols', 'density'];

/** The shows, by title: each leads to its episodes. */
export function SideShows({ folded }: { folded: boolean }) {
  const shows = useShows();
  const mayEdit = useMayEdit();
  const open = useOpenView();
  const [path] = useLocation();
  const search = new URLSearchParams(useSearch());
  if (shows.length === 0 && !mayEdit) {
    return null;
  }
  const leadsTo = (id: string): string => {
    const params = new URLSearchParams(path === '/episodes' ? [...search].filter(([name]) => kept.includes(name)) : []);
    params.set('show', id);
    return `/episodes?${params}`;
  };
  return (
    <div className={css['group']} role="group" aria-label={text.places.shows}>
      <div className={css['heads']}>
        <span className={css['head']} aria-hidden="true">
          {text.places.shows}
        </span>
        {mayEdit && <NewShow className={css['add']} />}
      </div>
      {shows.map((show) => {
        const on = path === '/episodes' && search.get('show') === show.id && !open;
        return (
          <div key={show.id} className={css['row']} data-show={show.title}>
            <Link href={leadsTo(show.id)} className={on ? `${css['entry']} ${css['on']}` : css['entry']} {...(on ? { 'aria-current': 'page' as const } : {})} title={folded ? show.title : undefined}>
              <ShowSquare id={show.id} />
              <span className="cut">{show.title}</span>
            </Link>
            {!folded && <ShowMenu show={show} className={css['more']} />}
          </div>
        );
      })}
    </div>
  );
}
