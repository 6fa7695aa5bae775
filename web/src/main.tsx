import './ui/tokens.css';
import './ui/fonts.css';
import './ui/base.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { signedInPage } from './first';
import { client, queries, statusOf } from './client';
import { showsQuery } from './shows/api';
import { useSession } from './session';
import { firstList } from './episodes/api';
import { App } from './shell/App';
import { Unreached } from './shell/Unreached';

const root = createRoot(document.getElementById('board') ?? document.body);

/** Asks for what first.ts began to read, before anything is drawn. A page that needs no sign-in asks for nothing. */
async function start(): Promise<void> {
  if (signedInPage) {
    void queries.prefetchQuery(showsQuery);
    void firstList();
    try {
      useSession.setState({ me: await client.auth.me() });
    } catch (error) {
      if (statusOf(error) !== 401) {
        root.render(<Unreached error={error} />);
        return;
      }
      queries.clear();
    }
  }
  root.render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

void start();
