import { QueryClientProvider } from '@tanstack/react-query';
import { Suspense } from 'react';
import { Redirect, Route, Router, Switch } from 'wouter';

import { useLocation } from '../address';
import { base, queries } from '../client';
import { useSession } from '../session';
import { Broken } from '../ui';
import { gates } from './places';
import { Shell } from './Shell';

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <Router base={base}>
        <Broken>
          <Suspense>
            <Switch>
              {gates.map(({ path, page }) => (
                <Route key={path} path={path} component={page} />
              ))}
              <Route>
                <SignedIn />
              </Route>
            </Switch>
          </Suspense>
        </Broken>
      </Router>
    </QueryClientProvider>
  );
}

/** The board for who is signed in; others are led to the gate, and back. */
function SignedIn() {
  const known = useSession(({ me }) => me !== undefined);
  const [path] = useLocation();
  if (known) {
    return <Shell />;
  }
  const next = path + window.location.search;
  return <Redirect to={next === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`} replace />;
}
