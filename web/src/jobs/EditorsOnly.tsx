import { IconLock } from '@tabler/icons-react';

import { Link } from '../address';
import { text } from '../text';
import { buttonClass, Empty, Page } from '../ui';

/** In the place of a page that viewers do not have, for those who typed its address. */
export function EditorsOnly({ title }: { title: string }) {
  return (
    <Page title={title}>
      <Empty
        icon={IconLock}
        title={text.places.editorsOnly}
        acts={
          <Link href="/episodes" className={buttonClass({})}>
            {text.places.allEpisodes}
          </Link>
        }
      >
        {text.places.editorsOnlyWhy}
      </Empty>
    </Page>
  );
}
