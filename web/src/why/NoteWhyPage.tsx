import { Link, useParams } from '../address';
import { whyText } from '../text/why';
import { Page } from '../ui';
import { Answer } from './Answer';
import { useWhyOfNote } from './api';
import css from './Answer.module.css';

/** Why a note came to whoever is signed in. */
export default function NoteWhyPage() {
  const { id = '' } = useParams<{ id: string }>();
  const asked = useWhyOfNote(id);
  return (
    <Page title={whyText.mine} crumb={<Link href={`/inbox?id=${id}`}>{whyText.inbox}</Link>}>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls is reached by keys */}
      <div className={css['body']} tabIndex={0} role="region" aria-label={whyText.mine}>
        <div className={css['page']}>
          <Answer asked={asked} />
        </div>
      </div>
    </Page>
  );
}
