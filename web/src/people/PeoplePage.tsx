import { IconCheck, IconCircle, IconCircleFilled, IconCircleHalf2, IconCircleMinus, IconMoon, type Icon } from '@tabler/icons-react';
import { useState } from 'react';

import { problemWords } from '../client';
import { useLamp, useNow } from '../live';
import { useMe, useZone } from '../session';
import { clock, date, exactTime, text, today } from '../text';
import { peopleText } from '../text/people';
import { Avatar, Field, Skeleton, toast } from '../ui';
import { chooseStatus, useMyStatus, useOnline, usePeople, type OnlineUser } from './api';
import { Frame } from './Frame';
import css from './PeoplePage.module.css';

const statuses = ['online', 'away', 'busy', 'dnd', 'offline'] as const;
type Status = (typeof statuses)[number];

const icons: Record<Status, Icon> = { online: IconCircleFilled, away: IconMoon, busy: IconCircleHalf2, dnd: IconCircleMinus, offline: IconCircle };

const statusOf = (status: string): Status => statuses.find((one) => one === status) ?? 'online';

/** Who is in now, what they say of themselves, and what one says oneself. */
export default function PeoplePage() {
  const online = useOnline();
  const offline = useLamp(({ signal }) => signal === 'offline');
  const me = useMe();
  return (
    <Frame tab="now">
      <div className={css['parts']}>
        <section className={css['list']} aria-label={peopleText.tabs.now}>
          <div className={css['head']} aria-hidden="true">
            <span>{peopleText.name}</span>
            <span>{peopleText.status}</span>
            <span>{peopleText.since}</span>
          </div>
          {offline ? (
            <p className={css['nobody']}>{peopleText.notKnown}</p>
          ) : online === undefined ? (
            <Skeleton rows={4} height={58} />
          ) : (
            <>
              <ul>
                {online.map((user) => (
                  <Person key={user.user_id} user={user} />
                ))}
              </ul>
              {online.length < 2 && <p className={css['nobody']}>{online[0]?.user_id === me.id ? peopleText.onlyYou : online.length === 0 && peopleText.nobody}</p>}
            </>
          )}
        </section>
        <aside>
          <Mine />
        </aside>
      </div>
    </Frame>
  );
}

function Person({ user: { user_id, name, status, text: says, since } }: { user: OnlineUser }) {
  const zone = useZone();
  const me = useMe();
  const role = usePeople().find(({ id }) => id === user_id)?.role;
  const at = Date.parse(since);
  const now = today(useNow(), zone);
  const words = role && text.roles[role];
  return (
    <li className={css['person']} data-person={user_id}>
      <span aria-hidden="true">
        <Avatar person={{ id: user_id, name }} size="large" />
      </span>
      <span className={css['who']}>
        <b>{name}</b> <span>{user_id === me.id ? (words ? peopleText.youAnd({ role: words }) : peopleText.you) : words && peopleText.role({ role: words })}</span>
        {says && <span className={css['says']}>{says}</span>}
      </span>
      <StatusLine status={statusOf(status)} />
      <time className={css['since']} dateTime={since} title={exactTime(at, zone)}>
        {today(at, zone) === now ? clock(at, zone) : date(today(at, zone), now)}
      </time>
    </li>
  );
}

function StatusLine({ status }: { status: Status }) {
  const StatusIcon = icons[status];
  return (
    <span className={`${css['status']} ${css[status]}`}>
      <StatusIcon size={13} stroke={2.6} aria-hidden="true" />
      {peopleText.statuses[status]}
    </span>
  );
}

function Mine() {
  const mine = useMyStatus().data;
  const chosen = mine && statusOf(mine.status);
  const [typed, setTyped] = useState<string>();
  const says = typed ?? mine?.text ?? '';
  const choose = async (status: Status, words: string): Promise<void> => {
    try {
      await chooseStatus({ status, text: words.trim() });
      setTyped(undefined);
    } catch (error) {
      toast({ look: 'bad', words: text.failed.notSaved, more: problemWords(error, { text: peopleText.words }) });
    }
  };
  const sayIt = (): void => {
    if (chosen && typed !== undefined && typed.trim() !== (mine.text ?? '')) {
      void choose(chosen, typed);
    }
  };
  return (
    <section className={css['mine']}>
      <h2 id="my-status">{peopleText.yourStatus}</h2>
      <div className={css['choices']} role="radiogroup" aria-labelledby="my-status">
        {statuses.map((status) => (
          <label key={status} className={status === chosen ? `${css['choice']} ${css['chosen']}` : css['choice']}>
            <input type="radio" name="status" value={status} checked={status === chosen} onChange={() => void choose(status, says)} />
            <StatusLine status={status} />
            {status === chosen && <IconCheck size={14} stroke={1.75} aria-hidden="true" />}
          </label>
        ))}
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          sayIt();
        }}
      >
        <Field label={peopleText.words} placeholder={peopleText.wordsHint} value={says} autoComplete="off" onChange={({ target }) => setTyped(target.value)} onBlur={sayIt} />
      </form>
      <p className={css['kept']}>{peopleText.kept}</p>
    </section>
  );
}
