import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';

import { Link, useLocation } from '../address';
import { Lamp } from '../live';
import { InNow } from '../people/shared';
import { useMayEdit } from '../session';
import { ShowSquare, useShows } from '../shows/shared';
import { text } from '../text';
import { Brand, commandKey, Kbd, useMedia } from '../ui';
import { useSearch } from 'wouter';
import { layers } from './layers';
import { MeMenu } from './MeMenu';
import { places } from './places';
import css from './SideBar.module.css';

const foldedKey = 'callboard.folded';

export function SideBar() {
  const shows = useShows();
  const [path] = useLocation();
  const mayEdit = useMayEdit();
  const show = new URLSearchParams(useSearch()).get('show');
  const narrow = useMedia('(max-width: 1099px)');
  const [chosen, setChosen] = useState(() => localStorage.getItem(foldedKey) === '1');
  const folded = narrow || chosen;
  const fold = (): void => {
    localStorage.setItem(foldedKey, chosen ? '' : '1');
    setChosen(!chosen);
  };
  const on = (at: boolean) => (at ? { className: `${css['entry']} ${css['on']}`, 'aria-current': 'page' as const } : { className: css['entry'] });
  return (
    <nav className={folded ? `${css['side']} ${css['folded']}` : css['side']} aria-label={text.places.nav}>
      <div className={css['brand']}>
        <Brand />
        <span className={css['word']}>{text.product}</span>
        {!narrow && (
          <button type="button" className={css['fold']} onClick={fold} aria-label={folded ? text.places.unfoldSidebar : text.places.foldSidebar}>
            {folded ? <IconLayoutSidebarLeftExpand size={16} stroke={1.75} /> : <IconLayoutSidebarLeftCollapse size={16} stroke={1.75} />}
          </button>
        )}
      </div>
      <button type="button" className={css['search']} onClick={() => layers.open('palette')} title={folded ? text.palette.title : undefined} aria-keyshortcuts="Control+K Meta+K">
        <IconSearch size={16} stroke={1.75} aria-hidden="true" />
        <span className="cut">{text.palette.title}</span>
        <Kbd>{`${commandKey} K`}</Kbd>
      </button>
      {places.map(({ path: at, entry }) => {
        if (!entry || (entry.editors && !mayEdit)) {
          return null;
        }
        const { icon: Icon, Beside, to = at } = entry;
        return (
          <Link key={to} href={to} {...on((path === to && !show) || path.startsWith(`${to}/`))} title={folded ? entry.name : undefined}>
            <Icon size={16} stroke={1.75} aria-hidden="true" />
            <span className="cut">{entry.name}</span>
            {Beside && <Beside />}
          </Link>
        );
      })}
      {shows.length > 0 && (
        <div className={css['scroll']} role="group" aria-label={text.places.shows}>
          <div className={css['head']} aria-hidden="true">
            {text.places.shows}
          </div>
          {shows.map(({ id, title }) => (
            <Link key={id} href={`/episodes?show=${id}`} {...on(path === '/episodes' && show === id)} title={folded ? title : undefined}>
              <ShowSquare id={id} />
              <span className="cut">{title}</span>
            </Link>
          ))}
        </div>
      )}
      <div className={css['foot']}>
        <div className={css['now']}>
          <InNow />
          <span className={css['lamp']}>
            <Lamp />
          </span>
        </div>
        <MeMenu compact={folded} />
      </div>
    </nav>
  );
}
