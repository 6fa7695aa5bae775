import type { ReactNode } from 'react';

import { Link } from '../address';
import { Bulb, useLamp } from '../live';
import { useMe } from '../session';
import { text } from '../text';
import { peopleText } from '../text/people';
import { Page } from '../ui';
import { useHealth } from './admin/health';
import { useOnline } from './api';
import css from './Frame.module.css';

const tabs = ['now', 'users', 'connections', 'health', 'announce'] as const;
export type Tab = (typeof tabs)[number];

/** A page about people. Admins have tabs to what they alone see. */
export function Frame({ tab, acts, children }: { tab: Tab; acts?: ReactNode; children: ReactNode }) {
  const admin = useMe().role === 'admin';
  const online = useOnline();
  const offline = useLamp(({ signal }) => signal === 'offline');
  const health = useHealth({ enabled: admin }).health;
  return (
    <Page title={text.places.people} acts={acts}>
      {admin && (
        <nav className={css['tabs']} aria-label={text.places.people}>
          {tabs.map((one) => (
            <Link key={one} href={one === 'now' ? '/people' : `/people/${one}`} className={one === tab ? `${css['tab']} ${css['on']}` : css['tab']} {...(one === tab ? { 'aria-current': 'page' as const } : {})}>
              {peopleText.tabs[one]}
              {one === 'now' && online && !offline && <span className={css['count']}>{online.length}</span>}
              {one === 'health' && health && health.shape !== 'live' && (
                <>
                  <Bulb shape={health.shape} />
                  <span className="vh">{health.title}</span>
                </>
              )}
            </Link>
          ))}
        </nav>
      )}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls is reached by keys */}
      <div className={css['body']} tabIndex={0} role="region" aria-label={text.places.people}>
        {children}
      </div>
    </Page>
  );
}
