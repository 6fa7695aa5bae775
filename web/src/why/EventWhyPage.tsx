import { Link, useParams, useParamsOf } from '../address';
import { usePeople } from '../people/shared';
import { useMe } from '../session';
import { whyText } from '../text/why';
import { Page, SelectField } from '../ui';
import { whyParams } from './address';
import { Answer } from './Answer';
import { useWhyOfEvent } from './api';
import css from './Answer.module.css';

/** Who was told of an event and who was not, person by person. */
export default function EventWhyPage() {
  const { id = '' } = useParams<{ id: string }>();
  const [{ user }, change] = useParamsOf(whyParams);
  const me = useMe();
  const people = usePeople();
  const whose = user || me.id;
  const asked = useWhyOfEvent(id, whose);
  const others = people.some((one) => one.id === whose) ? people : [{ id: whose, name: asked.data?.user_name ?? whose }, ...people];
  return (
    <Page title={whyText.whose} crumb={<Link href="/activity">{whyText.activity}</Link>}>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls is reached by keys */}
      <div className={css['body']} tabIndex={0} role="region" aria-label={whyText.whose}>
        <div className={css['page']}>
          <div className={css['picker']}>
            <SelectField label={whyText.person} value={whose} onChange={({ target }) => change({ user: target.value === me.id ? '' : target.value }, { replace: true })}>
              {others.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </SelectField>
          </div>
          <Answer asked={asked} />
        </div>
      </div>
    </Page>
  );
}
