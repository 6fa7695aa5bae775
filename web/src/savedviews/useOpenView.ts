import { useSearch } from 'wouter';

import { useLocation } from '../address';
import { openAt, type Open } from './address';
import { useSavedViews, type SavedView } from './api';

/** Path and query of what is on the screen. */
export function useAddress(): string {
  const [path] = useLocation();
  const search = useSearch();
  return search ? `${path}?${search}` : path;
}

/** The saved view that is on the screen, if it is one. */
export function useOpenView(): Open<SavedView> | undefined {
  return openAt(useSavedViews(), useAddress());
}
