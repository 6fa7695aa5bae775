import { IconLock } from '@tabler/icons-react';
import type { ComponentType } from 'react';

import { Link } from '../address';
import { useMe } from '../session';
import { text } from '../text';
import { buttonClass, Empty, Page } from '../ui';

/** A page that admins alone have; who else types its address is told so. */
export function forAdmins(AdminPage: ComponentType): ComponentType {
  return function ForAdmins() {
    return useMe().role === 'admin' ? <AdminPage /> : <NoAccess />;
  };
}

function NoAccess() {
  return (
    <Page title={text.places.people}>
      <Empty
        icon={IconLock}
        title={text.places.forAdmins}
        acts={
          <Link href="/episodes" className={buttonClass({})}>
            {text.places.backToEpisodes}
          </Link>
        }
      >
        {text.places.forAdminsWhy}
      </Empty>
    </Page>
  );
}
