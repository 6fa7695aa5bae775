import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';

import { readSearch, writeSearch, type Params } from './search';

/**
 * Returns the parameters of the current address, and a function that changes some of them. With replace no step is added to the history, as while
 * typing.
 */
export function useParamsOf<V extends object>(params: Params<V>): [V, (change: Partial<V>, how?: { replace?: boolean }) => void] {
  const search = useSearch();
  const [path, go] = useLocation();
  const values = useMemo(() => readSearch(params, search), [params, search]);
  const change = useCallback(
    (changed: Partial<V>, { replace = false } = {}) => {
      go(path + writeSearch(params, changed, window.location.search), { replace });
    },
    [params, path, go],
  );
  return [values, change];
}
