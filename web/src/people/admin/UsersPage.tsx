import { IconBan, IconChevronDown, IconDots, IconKey, IconLink, IconPlugX, IconPlus, IconShieldOff } from '@tabler/icons-react';
import { useState } from 'react';

import { fieldErrors, problemWords } from '../../client';
import { Bulb, useNow } from '../../live';
import { useMe, useZone } from '../../session';
import { ago, text, type Role } from '../../text';
import { peopleText } from '../../text/people';
import { Avatar, Button, Confirm, Dialog, Field, Menu, NotLoaded, Secret, Segments, Skeleton, toast, useOnce, usePhone } from '../../ui';
import { useOnline } from '../api';
import { Frame } from '../Frame';
import { addUser, changeUser, disableUser, endConnections, inviteUser, newPassword, resetSecondFactor, useUsers, type User } from './api';
import css from './table.module.css';

const words = peopleText.users;
const roles: readonly Role[] = ['admin', 'editor', 'viewer'];

type Asked = { what: 'add' } | { what: 'password' | 'factor' | 'disable'; user: User } | { what: 'invite'; user: User; link: string };

/** All accounts, and what an admin does about them. */
export default function UsersPage() {
  const users = useUsers();
  const phone = usePhone();
  const [asked, setAsked] = useState<Asked>();
  const close = (): void => setAsked(undefined);
  return (
    <Frame
      tab="users"
      acts={
        <Button look={phone ? 'quiet' : 'ink'} icon={phone} {...(phone && { label: words.add })} onClick={() => setAsked({ what: 'add' })}>
          <IconPlus size={phone ? 20 : 14} stroke={1.75} aria-hidden="true" />
          {!phone && words.add}
        </Button>
      }
    >
      {users.data ? (
        <div className={css['outer']}>
          <table className={css['table']}>
            <thead>
              <tr>
                <th scope="col">{peopleText.name}</th>
                <th scope="col">{words.role}</th>
                <th scope="col">{words.zone}</th>
                <th scope="col">{words.here}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {users.data.map((user) => (
                <Row key={user.id} user={user} onAsk={setAsked} />
              ))}
            </tbody>
          </table>
        </div>
      ) : users.isError ? (
        <NotLoaded title={peopleText.notLoaded} onAgain={() => void users.refetch()}>
          {problemWords(users.error)}
        </NotLoaded>
      ) : (
        <Skeleton rows={6} height={54} />
      )}
      {asked?.what === 'add' && <Add onClose={close} />}
      {asked?.what === 'invite' && (
        <Made
          title={words.invitedAgain({ name: asked.user.name })}
          why={asked.link ? words.invitedWhy({ email: asked.user.email }) : words.addedWithout}
          label={words.link}
          value={asked.link}
          onClose={close}
        />
      )}
      {asked?.what === 'password' && <SetPassword user={asked.user} onClose={close} />}
      {asked?.what === 'factor' && (
        <Confirm
          title={words.resetFactorTitle(asked.user)}
          why={words.resetFactorWhy}
          act={words.resetFactor}
          onConfirm={() => attempt(() => resetSecondFactor(asked.user.id), words.factorReset(asked.user))}
          onClose={close}
        />
      )}
      {asked?.what === 'disable' && (
        <Confirm
          title={words.disableTitle(asked.user)}
          why={words.disableWhy(asked.user)}
          act={words.disable(asked.user)}
          onConfirm={() => attempt(() => disableUser(asked.user), words.wasDisabled(asked.user))}
          onClose={close}
        />
      )}
    </Frame>
  );
}

async function attempt(what: () => Promise<void>, done: string): Promise<void> {
  try {
    await what();
    toast({ words: done });
  } catch (error) {
    toast({ look: 'bad', words: peopleText.notDone, more: problemWords(error, words.fields) });
  }
}

/** A row. One's own has no acts: so there is always an admin. */
function Row({ user, onAsk }: { user: User; onAsk: (asked: Asked) => void }) {
  const { id, name, email, role, time_zone, disabled } = user;
  const own = useMe().id === id;
  const invite = async (): Promise<void> => {
    try {
      onAsk({ what: 'invite', user, link: (await inviteUser(id)) ?? '' });
    } catch (error) {
      toast({ look: 'bad', words: peopleText.notDone, more: problemWords(error, words.fields) });
    }
  };
  return (
    <tr className={disabled ? css['off'] : undefined} data-user={email}>
      <th scope="row">
        <span className={css['who']}>
          <span aria-hidden="true">
            <Avatar person={{ id, name }} size="medium" />
          </span>
          <span>
            <b>
              {name} {own && <span>{peopleText.you}</span>}
            </b>
            <span className={css['small']}>{email}</span>
          </span>
        </span>
      </th>
      <td>
        {own || disabled ? (
          <span className={disabled ? css['mute'] : undefined}>{text.roles[role]}</span>
        ) : (
          <Menu>
            <Menu.Target>
              <Button size="small" look="quiet" className={css['role']} aria-label={`${text.roles[role]}, ${words.roleOf({ name })}`}>
                {text.roles[role]}
                <IconChevronDown size={12} stroke={2} aria-hidden="true" />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {roles.map((one) => (
                <Menu.Radio key={one} checked={one === role} onChoose={() => one !== role && void attempt(() => changeUser(id, { role: one }), words.roleNow({ name, role: one }))}>
                  {text.roles[one]}
                </Menu.Radio>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </td>
      <td className={`${css['mute']} ${css['wide']}`}>{time_zone}</td>
      <td className={css['wide']}>
        <Here user={user} />
      </td>
      <td>
        {!own &&
          (disabled ? (
            <Button size="small" aria-label={words.enableOf({ name })} act={() => attempt(() => changeUser(id, { disabled: false }), words.enabled({ name }))}>
              {words.enable}
            </Button>
          ) : (
            <Menu position="bottom-end">
              <Menu.Target>
                <Button size="small" look="quiet" icon label={words.more({ name })}>
                  <IconDots size={16} stroke={1.75} aria-hidden="true" />
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {!user.has_password && (
                  <Menu.Item leftSection={<IconLink size={16} stroke={1.75} aria-hidden="true" />} onClick={() => void invite()}>
                    {words.invite}
                  </Menu.Item>
                )}
                <Menu.Item leftSection={<IconKey size={16} stroke={1.75} aria-hidden="true" />} onClick={() => onAsk({ what: 'password', user })}>
                  {words.setPassword}
                </Menu.Item>
                {user.second_factor && (
                  <Menu.Item leftSection={<IconShieldOff size={16} stroke={1.75} aria-hidden="true" />} onClick={() => onAsk({ what: 'factor', user })}>
                    {words.resetFactor}
                  </Menu.Item>
                )}
                <Menu.Item leftSection={<IconPlugX size={16} stroke={1.75} aria-hidden="true" />} onClick={() => void attempt(() => endConnections(id), words.connectionsEnded({ name }))}>
                  {words.endConnections}
                </Menu.Item>
                <Menu.Divider />
                <Menu.Item leftSection={<IconBan size={16} stroke={1.75} aria-hidden="true" />} onClick={() => onAsk({ what: 'disable', user })}>
                  <span className={css['danger']}>{words.disable({ name })}</span>
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          ))}
      </td>
    </tr>
  );
}

/** Whether somebody is in now, or when they last came. */
function Here({ user: { id, disabled, last_sign_in_at } }: { user: User }) {
  const zone = useZone();
  const now = useNow();
  const online = useOnline()?.some(({ user_id }) => user_id === id);
  if (disabled) {
    return (
      <span className={css['here']}>
        <IconBan size={14} stroke={1.75} aria-hidden="true" />
        {words.disabled}
      </span>
    );
  }
  if (online) {
    return (
      <span className={css['here']}>
        <Bulb shape="live" />
        {words.inNow}
      </span>
    );
  }
  if (!last_sign_in_at) {
    return <span className={css['mute']}>{words.never}</span>;
  }
  const when = ago(Date.parse(last_sign_in_at), now, zone);
  return <span className={css['mute']}>{when === undefined || /^\d+ [A-Z]/.test(when) ? words.lastSignIn({ when: when ?? text.time.now }) : words.lastSignInAgo({ when })}</span>;
}

/** Shows a password or a link that was made, this once. */
function Made({ title, why, label, value, onClose }: { title: string; why?: string; label: string; value: string; onClose: () => void }) {
  return (
    <Dialog
      title={title}
      why={why}
      onClose={value ? undefined : onClose}
      acts={
        <Button look="ink" onClick={onClose}>
          {words.done}
        </Button>
      }
    >
      {value && <Secret label={label} value={value} />}
    </Dialog>
  );
}

function Add({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('editor');
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [refused, setRefused] = useState('');
  const [link, setLink] = useState<string>();
  const [add, busy] = useOnce(async () => {
    setErrors({});
    setRefused('');
    try {
      setLink((await addUser({ name: name.trim(), email: email.trim(), role })) ?? '');
    } catch (error) {
      const fields = fieldErrors(error);
      setErrors(fields);
      setRefused('name' in fields || 'email' in fields ? '' : problemWords(error, words.fields));
    }
  });
  if (link !== undefined) {
    return <Made title={words.added({ name: name.trim() })} why={link ? words.invitedWhy({ email: email.trim() }) : words.addedWithout} label={words.link} value={link} onClose={onClose} />;
  }
  return (
    <Dialog
      title={words.add}
      why={words.addWhy}
      onClose={busy ? undefined : onClose}
      acts={
        <>
          <Button look="quiet" disabled={busy} onClick={onClose}>
            {text.cancel}
          </Button>
          <Button look="ink" disabled={name.trim() === '' || email.trim() === ''} aria-disabled={busy} onClick={add}>
            {words.add}
          </Button>
        </>
      }
    >
      <form
        className={css['fields']}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <Field label={peopleText.name} value={name} autoComplete="off" error={errors['name']} onChange={({ target }) => setName(target.value)} />
        <Field label={words.fields['email'] ?? ''} type="email" value={email} autoComplete="off" error={errors['email']} onChange={({ target }) => setEmail(target.value)} />
        <Segments label={words.role} options={roles.map((value) => ({ value, name: text.roles[value] }))} value={role} onChange={setRole} />
        <div role="alert">{refused && <p className={css['refused']}>{refused}</p>}</div>
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}

function SetPassword({ user: { id, name }, onClose }: { user: User; onClose: () => void }) {
  const [password, setPassword] = useState('');
  const set = async (): Promise<void> => {
    const made = newPassword();
    try {
      await changeUser(id, { password: made });
      setPassword(made);
    } catch (error) {
      toast({ look: 'bad', words: peopleText.notDone, more: problemWords(error, words.fields) });
      onClose();
    }
  };
  if (password) {
    return <Made title={words.passwordOf({ name })} label={words.password} value={password} onClose={onClose} />;
  }
  return (
    <Dialog
      title={words.setPasswordTitle({ name })}
      why={words.setPasswordWhy}
      onClose={onClose}
      acts={
        <>
          <Button look="quiet" onClick={onClose}>
            {text.cancel}
          </Button>
          <Button look="ink" act={set}>
            {words.setPassword}
          </Button>
        </>
      }
    />
  );
}
