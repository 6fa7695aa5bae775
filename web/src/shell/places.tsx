import { IconBell, IconBolt, IconHistory, IconTable, IconUsers, type Icon } from '@tabler/icons-react';
import { lazy, type ComponentType } from 'react';

import EpisodesPage from '../episodes/EpisodesPage';
import { UnreadPill } from '../inbox/shared';
import { RunningPill } from '../jobs/shared';
import { text } from '../text';
import { forAdmins } from './ForAdmins';

/** A page of the board: a feature names its pages here, and nothing else of the shell needs to know it. */
interface Place {
  path: string;
  page: ComponentType;
  /** Where it has an entry in the side bar and in the bar of phones. */
  entry?: {
    name: string;
    icon: Icon;
    /** Where it leads, when that is not the path. */
    to?: string;
    /** What is said beside it, such as a number. */
    Beside?: ComponentType;
    /** Where its page goes on at another address. */
    also?: string;
    /** Viewers do not have it. */
    editors?: boolean;
  };
}

/** Pages within the shell, in the order of their entries. The first thing that most people see comes with the shell, all else when it is wanted. */
export const places: readonly Place[] = [
  { path: '/inbox', page: lazy(() => import('../inbox/InboxPage')), entry: { name: text.places.inbox, icon: IconBell, Beside: UnreadPill } },
  { path: '/inbox/preferences', page: lazy(() => import('../inbox/PreferencesPage')) },
  { path: '/episodes', page: EpisodesPage, entry: { name: text.places.episodes, icon: IconTable } },
  { path: '/activity', page: lazy(() => import('../activity/ActivityPage')), entry: { name: text.places.activity, icon: IconHistory } },
  { path: '/jobs/:id?', page: lazy(() => import('../jobs/JobsPage')), entry: { name: text.places.jobs, icon: IconBolt, to: '/jobs', also: '/import', Beside: RunningPill, editors: true } }, // and one of them, over the list
  { path: '/people', page: lazy(() => import('../people/PeoplePage')), entry: { name: text.places.people, icon: IconUsers } },
  { path: '/people/users', page: forAdmins(lazy(() => import('../people/admin/UsersPage'))) },
  { path: '/people/connections', page: forAdmins(lazy(() => import('../people/admin/ConnectionsPage'))) },
  { path: '/people/health', page: forAdmins(lazy(() => import('../people/admin/HealthPage'))) },
  { path: '/people/announce', page: forAdmins(lazy(() => import('../people/admin/AnnouncePage'))) },
  { path: '/me', page: lazy(() => import('../me/MePage')) },
  { path: '/me/tokens', page: lazy(() => import('../me/TokensPage')) },
  { path: '/import', page: lazy(() => import('../import/ImportPage')) },
  { path: '/episodes/:id/*?', page: lazy(() => import('../episode/EpisodePage')) }, // and a file of it, large
];

/** Where the entries lead, for who may go there. */
export function entriesOf(mayEdit: boolean): { name: string; icon: Icon; to: string }[] {
  return places.flatMap(({ path, entry }) => (entry && (mayEdit || !entry.editors) ? [{ name: entry.name, icon: entry.icon, to: entry.to ?? path }] : []));
}

/** Pages for who is not signed in. */
export const gates: readonly Place[] = [
  { path: '/sign-in', page: lazy(() => import('../gate/SignInPage')) },
  { path: '/setup', page: lazy(() => import('../gate/SetupPage')) },
];
