import { IconPinned } from '@tabler/icons-react';
import { useState } from 'react';

import { Link } from '../address';
import { place, savedAddress, SavedViewMenu, useMayChange, useOpenView, useSavedViews, type SavedView } from '../savedviews/shared';
import { text } from '../text';
import css from './SideBar.module.css';

/** The saved views: one's own, and those of the team. */
export function SideViews({ folded }: { folded: boolean }) {
  const views = useSavedViews();
  return (
    <>
      <Views name={text.savedViews.own} views={views.filter(({ team }) => !team)} folded={folded} />
      <Views name={text.savedViews.team} views={views.filter(({ team }) => team)} folded={folded} />
    </>
  );
}

/** Some of them in their order, which dragging changes; the menu of each does the same by keys. */
function Views({ name, views, folded }: { name: string; views: readonly SavedView[]; folded: boolean }) {
  const open = useOpenView();
  const mayChange = useMayChange();
  const [dragged, setDragged] = useState<SavedView>();
  const [over, setOver] = useState<string>();
  const end = (): void => {
    setDragged(undefined);
    setOver(undefined);
  };
  if (views.length === 0) {
    return null;
  }
  return (
    <div className={css['group']} role="group" aria-label={name}>
      <div className={css['head']} aria-hidden="true">
        {name}
      </div>
      {views.map((view) => {
        const now = open?.view.id === view.id ? open : undefined;
        const aside = now?.edited ? text.savedViews.edited : '';
        return (
          <div
            key={view.id}
            className={[css['row'], over === view.id && dragged && css[dragged.position < view.position ? 'after' : 'before']].filter(Boolean).join(' ')}
            data-view={view.name}
            draggable={mayChange(view)}
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = 'move';
              setDragged(view);
            }}
            onDragOver={(event) => {
              if (dragged) {
                event.preventDefault();
                setOver(view.id);
              }
            }}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged && dragged.id !== view.id) {
                void place(dragged, view.position);
              }
              end();
            }}
            onDragEnd={end}
          >
            <Link
              href={savedAddress(view)}
              className={now ? `${css['entry']} ${css['on']}` : css['entry']}
              {...(now ? { 'aria-current': 'page' as const } : {})}
              title={folded ? view.name : undefined}
            >
              <IconPinned size={16} stroke={1.75} aria-hidden="true" />
              <span className="cut">{view.name}</span>
              {aside && <span className={css['aside']}>{aside}</span>}
            </Link>
            {!folded && <SavedViewMenu view={view} last={views.length - 1} className={css['more']} />}
          </div>
        );
      })}
    </div>
  );
}
