import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { Redirect, Route, Switch } from 'wouter';

import { Unsaved } from '../episode/shared';
import { KeptStrip, lastList, useKeptEdits } from '../episodes/shared';
import { connection, Lamp, Strip } from '../live';
import { SessionOver } from '../gate/SessionOver';
import { Arrivals, useUnread } from '../inbox/shared';
import { useMayEdit, useMe, useSession, useSettingsOfUser, useSingleKeys } from '../session';
import { text } from '../text';
import { Broken, Button, HeadEnd, layerRoom, Skeleton, TitleStart, toast, Toasts, useNoSingleKeys, usePhone } from '../ui';
import { useKeys } from './keys';
import { layers, useLayer } from './layers';
import { MeMenu } from './MeMenu';
import { NoPage } from './NoPage';
import { places } from './places';
import { SideBar } from './SideBar';
import { TabBar } from './TabBar';
import css from './Shell.module.css';

const Palette = lazy(() => import('./palette/Palette'));
const Shortcuts = lazy(() => import('./Shortcuts'));

const noEnd = { lamp: null, search: null, me: null };

const phoneEnd = {
  lamp: <Lamp />,
  search: (
    <Button icon look="quiet" label={text.palette.title} onClick={() => layers.open('palette')}>
      <IconSearch size={20} stroke={1.75} aria-hidden="true" />
    </Button>
  ),
  me: (
    <span className={css['me']}>
      <MeMenu compact />
    </span>
  ),
};

/** The felt, the side bar, and the sheet that holds the page. */
export function Shell() {
  const over = useSession((session) => session.over);
  const phone = usePhone();
  const unread = useUnread();
  const kept = useKeptEdits().length;
  useSettingsOfUser();
  useRoleNews();
  const single = useSingleKeys();
  useNoSingleKeys(!single);
  const layer = useLayer();
  useKeys(useMayEdit(), single);
  useEffect(() => {
    connection.start();
    return () => connection.stop();
  }, []);
  return (
    <TitleStart value={text.inbox.titleStart({ n: unread })}>
      <button type="button" className={css['skip']} onClick={() => document.getElementById('page')?.focus()}>
        {text.skipToPage}
      </button>
      <div className={css['app']}>
        {!phone && <SideBar />}
        <main className={css['main']}>
          <div className={css['sheet']} id="page" tabIndex={-1}>
            <Strip waits={text.kept.waits({ n: kept })} />
            <KeptStrip />
            <HeadEnd value={phone ? phoneEnd : noEnd}>
              <Broken>
                <Suspense fallback={<Skeleton rows={12} height={40} />}>
                  <Switch>
                    <Route path="/">
                      <Redirect to={lastList()} replace />
                    </Route>
                    {places.map(({ path, page }) => (
                      <Route key={path} path={path} component={page} />
                    ))}
                    <Route component={NoPage} />
                  </Switch>
                </Suspense>
              </Broken>
            </HeadEnd>
          </div>
          <div id={layerRoom} className={css['layers']} />
        </main>
        {phone && <TabBar />}
      </div>
      <Arrivals />
      <Unsaved />
      {layer && (
        <Broken>
          <Suspense>{layer === 'palette' ? <Palette onClose={layers.close} /> : <Shortcuts onClose={layers.close} />}</Suspense>
        </Broken>
      )}
      <Toasts />
      {over && <SessionOver />}
    </TitleStart>
  );
}

/** Says that somebody has another role now: with it go what is on the page, and what is not. */
function useRoleNews(): void {
  const { id, role } = useMe();
  const before = useRef({ id, role });
  useEffect(() => {
    if (before.current.id === id && before.current.role !== role) {
      toast({ look: 'news', words: text.me.roleNow({ role }) });
    }
    before.current = { id, role };
  }, [id, role]);
}
