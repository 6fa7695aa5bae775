import { IconBell, IconBolt, IconHistory, IconTable, IconUsers, type Icon } from '@tabler/icons-react';
import { lazy, type ComponentType } from 'react';

import EpisodesPage from '../episodes/EpisodesPage';
import { UnreadPill } from '../inbox/UnreadPill';
import { RunningPill } from '../jobs/RunningPill';
import { text } from '../text';
import { loadMantine } from '../ui';
import { forAdmins } from './ForAdmins';

/** A page of the board: a feature names its pages here, and nothing else of the shell needs to know it. */
interface Place {
  path: string;
  page: ComponentType;
  /** Where it has an entry in the sidebar and in the bar of phones. */
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

const loaders: (() => Promise<unknown>)[] = [];

/** A page whose script is imported when it is wanted, or by loadPages. */
function later(load: () => Promise<{ default: ComponentType }>): ComponentType {
  loaders.push(load);
  return lazy(load);
}

/** Imports what pages and menus are made of, one after the other: so they are there when the server is not. Ends at the first that is not to be had. */
export async function loadPages(): Promise<void> {
  for (const load of [loadMantine, ...loaders]) {
    await load();
  }
}

/** Pages within the shell, in the order of their entries. The first thing that most people see comes with the shell, all else when it is wanted. */
export const places: readonly Place[] = [
  { path: '/inbox', page: later(() => import('../inbox/InboxPage')), entry: { name: text.places.inbox, icon: IconBell, Beside: UnreadPill } },
  { path: '/inbox/preferences', page: later(() => import('../inbox/PreferencesPage')) },
  { path: '/inbox/why/:id', page: later(() => import('../why/NoteWhyPage')) },
  { path: '/episodes', page: EpisodesPage, entry: { name: text.places.episodes, icon: IconTable } },
  { path: '/activity', page: later(() => import('../activity/ActivityPage')), entry: { name: text.places.activity, icon: IconHistory } },
  { path: '/activity/why/:id', page: forAdmins(later(() => import('../why/EventWhyPage'))) },
  { path: '/jobs/:id?', page: later(() => import('../jobs/JobsPage')), entry: { name: text.places.jobs, icon: IconBolt, to: '/jobs', also: '/import', Beside: RunningPill, editors: true } }, // and one of them, over the list
  { path: '/people', page: later(() => import('../people/PeoplePage')), entry: { name: text.places.people, icon: IconUsers } },
  { path: '/people/users', page: forAdmins(later(() => import('../people/admin/UsersPage'))) },
  { path: '/people/connections', page: forAdmins(later(() => import('../people/admin/ConnectionsPage'))) },
  { path: '/people/health', page: forAdmins(later(() => import('../people/admin/HealthPage'))) },
  { path: '/people/announce', page: forAdmins(later(() => import('../people/admin/AnnouncePage'))) },
  { path: '/me', page: later(() => import('../me/MePage')) },
  { path: '/me/tokens', page: later(() => import('../me/TokensPage')) },
  { path: '/import', page: later(() => import('../import/ImportPage')) },
  { path: '/episodes/:id/*?', page: later(() => import('../episode/EpisodePage')) }, // and a file of it, large
];

/** Where the entries lead, for who may go there. */
export function entriesOf(mayEdit: boolean): { name: string; icon: Icon; to: string }[] {
  return places.flatMap(({ path, entry }) => (entry && (mayEdit || !entry.editors) ? [{ name: entry.name, icon: entry.icon, to: entry.to ?? path }] : []));
}

/** Pages for who is not signed in. */
export const gates: readonly Place[] = [
  { path: '/sign-in', page: lazy(() => import('../gate/SignInPage')) },
  { path: '/setup', page: lazy(() => import('../gate/SetupPage')) },
  { path: '/invite', page: lazy(() => import('../gate/InvitePage')) },
];
