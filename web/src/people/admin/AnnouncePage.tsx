import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';

import { problemWords } from '../../client';
import { useMe } from '../../session';
import { type Role } from '../../text';
import { peopleText } from '../../text/people';
import { Avatar, Button, Field, SelectField, Switch, TextField, toast } from '../../ui';
import { Frame } from '../Frame';
import { announce, useFoundEpisodes } from './api';
import css from './AnnouncePage.module.css';

const words = peopleText.announce;
const roles: readonly Role[] = ['admin', 'editor', 'viewer'];

type To = 'all' | Role | 'watchers';

/** Something that many have to know: to everyone, a role, or those who watch an episode. */
export default function AnnouncePage() {
  const me = useMe();
  const [message, setMessage] = useState('');
  const [to, setTo] = useState<To>('all');
  const [q, setQ] = useState('');
  const [episode, setEpisode] = useState('');
  const [urgent, setUrgent] = useState(false);
  const [sending, setSending] = useState(false);
  const found = useFoundEpisodes(to === 'watchers' ? q.trim() : '').data ?? [];
  const chosen = found.some(({ id }) => id === episode) ? episode : (found[0]?.id ?? '');
  const ready = message.trim() !== '' && !sending && (to !== 'watchers' || chosen !== '');
  const send = async (): Promise<void> => {
    if (!ready) {
      return;
    }
    setSending(true);
    try {
      await announce(message.trim(), to === 'all' ? to : to === 'watchers' ? `watchers:episode:${chosen}` : `role:${to}`, urgent);
      toast({ words: words.sent, more: words.sentMore });
      setMessage('');
    } catch (error) {
      toast({ look: 'bad', words: words.notSent, more: problemWords(error, words.fields) });
    }
    setSending(false);
  };
  return (
    <Frame tab="announce">
      <form
        className={css['parts']}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <TextField label={words.text} value={message} onChange={({ target }) => setMessage(target.value)} />
        <SelectField label={words.to} value={to} onChange={({ target }) => setTo(target.value as To)}>
          <option value="all">{words.everyone}</option>
          {roles.map((role) => (
            <option key={role} value={role}>
              {words.roles[role]}
            </option>
          ))}
          <option value="watchers">{words.watchers}</option>
        </SelectField>
        {to === 'watchers' && (
          <>
            <Field label={words.findEpisode} type="search" value={q} autoComplete="off" onChange={({ target }) => setQ(target.value)} />
            {found.length > 0 && (
              <SelectField label={words.episode} value={chosen} onChange={({ target }) => setEpisode(target.value)}>
                {found.map(({ id, title }) => (
                  <option key={id} value={id}>
                    {title}
                  </option>
                ))}
              </SelectField>
            )}
          </>
        )}
        <div className={css['urgent']}>
          <span>
            <b>{words.urgent}</b>
            <span className={css['small']}>{words.urgentWhy}</span>
          </span>
          <Switch label={words.urgent} checked={urgent} onChange={({ target }) => setUrgent(target.checked)} />
        </div>
        <div>
          <p className={css['label']}>{words.preview}</p>
          <div className={css['note']}>
            <span aria-hidden="true">
              <Avatar person={{ id: me.id, name: me.name }} size="medium" />
            </span>
            <span className={css['words']}>
              {message.trim() ? <b>{message.trim()}</b> : <span className={css['small']}>{words.empty}</span>}
              {urgent && (
                <span className={css['mark']}>
                  <IconAlertTriangle size={12} stroke={2} aria-hidden="true" />
                  {words.urgentMark}
                </span>
              )}
            </span>
            <span className={css['when']}>{words.now}</span>
            <span className={css['dot']} />
          </div>
        </div>
        <div>
          <Button type="submit" look="ink" aria-disabled={!ready}>
            {words.send}
          </Button>
        </div>
      </form>
    </Frame>
  );
}
