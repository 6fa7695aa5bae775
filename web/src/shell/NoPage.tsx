import { IconGhost } from '@tabler/icons-react';

import { Link } from '../address';
import { text } from '../text';
import { buttonClass, Empty, Page } from '../ui';

export function NoPage() {
  return (
    <Page title={text.places.notFound}>
      <Empty
        icon={IconGhost}
        title={text.places.noPage}
        acts={
          <Link href="/episodes" className={buttonClass({})}>
            {text.places.allEpisodes}
          </Link>
        }
      >
        {text.places.noPageWhy}
      </Empty>
    </Page>
  );
}
