import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Redirect, Route, Switch } from 'wouter';

import { useKeptEdits } from '../episodes/kept';
import { KeptStrip } from '../episodes/KeptStrip';
import { lastList } from '../episodes/last';
import { useUnread } from '../inbox/unread';
import { connection, Lamp, Strip, useLamp } from '../live';
import { useMayEdit, useMe, useSettingsOfUser, useSingleKeys } from '../session';
import { text } from '../text';
import { Broken, Button, HeadEnd, layerRoom, Skeleton, TitleStart, toast, Toasts, useNoSingleKeys, usePhone, whenIdle } from '../ui';
import { useKeys } from './keys';
import { layers, useLayer } from './layers';
import { MeMenu } from './MeMenu';
import { NoPage } from './NoPage';
import { loadPages, places } from './places';
import { SideBar } from './SideBar';
import { TabBar } from './TabBar';
import css from './Shell.module.css';

const Beside = lazy(() => import('./Beside'));
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

/** The felt, the sidebar, and the sheet that holds the page. */
export function Shell() {
  const phone = usePhone();
  const unread = useUnread();
  const kept = useKeptEdits().length;
  useSettingsOfUser();
  useRoleNews();
  const single = useSingleKeys();
  useNoSingleKeys(!single);
  const layer = useLayer();
  useKeys(useMayEdit(), single);
  const [drawn, setDrawn] = useState(false);
  useEffect(() => {
    const notYet = whenIdle(() => {
      setDrawn(true);
      connection.start();
    });
    return () => {
      notYet();
      connection.stop();
    };
  }, []);
  const live = useLamp(({ signal }) => signal === 'live');
  useEffect(() => (live ? whenIdle(() => void loadPages().catch(() => undefined)) : undefined), [live]); // again after a connection that was lost
  return (
    <TitleStart value={text.places.titleStart({ n: unread })}>
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
      {drawn && (
        <Broken>
          <Suspense>
            <Beside />
          </Suspense>
        </Broken>
      )}
      {layer && (
        <Broken>
          <Suspense>{layer === 'palette' ? <Palette onClose={layers.close} /> : <Shortcuts onClose={layers.close} />}</Suspense>
        </Broken>
      )}
      <Toasts />
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
