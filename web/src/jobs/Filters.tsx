import { useQuery } from '@tanstack/react-query';

import { useMe } from '../session';
import { compareText } from '../text';
import { jobsText } from '../text/jobs';
import { Menu, Pill } from '../ui';
import { peopleQuery } from '../people/shared';
import { states, type JobsAddress } from './address';
import { kindName } from './about';
import { useStats } from './api';
import css from './Filters.module.css';

interface Choice {
  value: string;
  name: string;
}

/** What the list of jobs holds. Whose they are is a question for admins alone: others have their own. */
export function Filters({ address: { kind, status, owner }, change }: { address: JobsAddress; change: (change: Partial<JobsAddress>, how?: { replace?: boolean }) => void }) {
  const me = useMe();
  const admin = me.role === 'admin';
  const people = useQuery({ ...peopleQuery, enabled: admin }).data ?? [];
  const stats = useStats().data ?? [];
  const words = jobsText;
  const kinds = [...new Set([...Object.keys(words.kinds), ...stats.map((one) => one.kind)])].map((value) => ({ value, name: kindName(value) }));
  const owners = people.filter(({ id }) => id !== me.id).map(({ id, name }) => ({ value: id, name }));
  owners.sort((a, b) => compareText(a.name, b.name));
  return (
    <>
      <Filter label={words.kindFilter} all={words.all} value={kind} choices={kinds} onChoose={(value) => change({ kind: value })} />
      <Filter label={words.stateFilter} all={words.all} value={status} choices={states.map((value) => ({ value, name: words.states[value] }))} onChoose={(value) => change({ status: states.find((one) => one === value) ?? '' })} />
      {admin && <Filter label={words.whoseFilter} all={words.everyone} value={owner} choices={[{ value: me.id, name: words.mine }, ...owners]} onChoose={(value) => change({ owner: value })} />}
    </>
  );
}

function Filter({ label, all, value, choices, onChoose }: { label: string; all: string; value: string; choices: readonly Choice[]; onChoose: (value: string) => void }) {
  return (
    <Menu>
      <Menu.Target>
        <Pill label={label} value={choices.find((one) => one.value === value)?.name ?? all} on={value !== ''} />
      </Menu.Target>
      <Menu.Dropdown className={css['long']}>
        {[{ value: '', name: all }, ...choices].map((one) => (
          <Menu.Radio key={one.value} checked={one.value === value} onChoose={() => onChoose(one.value)}>
            {one.name}
          </Menu.Radio>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
