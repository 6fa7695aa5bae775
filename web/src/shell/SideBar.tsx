import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand, IconSearch } from '@tabler/icons-react';
import { Link, useLocation } from '../address';
import { Lamp } from '../live';
import { InNow } from '../people/shared';
import { useOpenView } from '../savedviews/shared';
import { useMayEdit } from '../session';
import { text } from '../text';
import { Brand, Broken, commandKey, Kbd, useMedia } from '../ui';
import { useSearch } from 'wouter';
import { fold, narrow, useFolded } from './folded';
import { layers } from './layers';
import { MeMenu } from './MeMenu';
import { places } from './places';
import { SideShows } from './SideShows';
import { SideViews } from './SideViews';
import css from './SideBar.module.css';

export function SideBar() {
  const [path] = useLocation();
  const mayEdit = useMayEdit();
  const show = new URLSearchParams(useSearch()).get('show');
  const open = useOpenView();
  const rail = useMedia(narrow);
  const folded = useFolded((side) => side.folded) || rail;
  const on = (at: boolean) => (at ? { className: `${css['entry']} ${css['on']}`, 'aria-current': 'page' as const } : { className: css['entry'] });
  return (
    <nav className={folded ? `${css['side']} ${css['folded']}` : css['side']} aria-label={text.places.nav}>
      <div className={css['brand']}>
        <Brand />
        <span className={css['word']}>{text.product}</span>
        {!rail && (
          <button type="button" className={css['fold']} onClick={fold} aria-label={folded ? text.places.unfoldSidebar : text.places.foldSidebar} aria-keyshortcuts="[">
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
        const { icon: Icon, Beside, to = at, also } = entry;
        return (
          <Link key={to} href={to} {...on((path === to && !show && !open) || path === also || path.startsWith(`${to}/`))} title={folded ? entry.name : undefined}>
            <Icon size={16} stroke={1.75} aria-hidden="true" />
            <span className="cut">{entry.name}</span>
            {Beside && <Beside />}
          </Link>
        );
      })}
      <div className={css['scroll']}>
        <Broken>
          <SideShows folded={folded} />
          <SideViews folded={folded} />
        </Broken>
      </div>
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
