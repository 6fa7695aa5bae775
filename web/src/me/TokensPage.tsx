import { IconKey, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';

import { Link } from '../address';
import { fieldErrors, problemWords } from '../client';
import { useNow } from '../live';
import { useMe, useZone } from '../session';
import { ago, date, exactTime, text, today } from '../text';
import { profileText } from '../text/profile';
import { Button, Confirm, Dialog, Empty, Field, NotLoaded, Page, Secret, Segments, Skeleton, toast, useOnce } from '../ui';
import { createToken, revokeToken, useTokens, type Token } from './api';
import css from './page.module.css';

/** The tokens by which scripts and applications act for one. */
export default function TokensPage() {
  const tokens = useTokens();
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Token>();
  return (
    <Page
      title={profileText.tokens}
      crumb={<Link href="/me">{profileText.title}</Link>}
      acts={
        <Button look="ink" onClick={() => setMaking(true)}>
          <IconPlus size={14} stroke={1.75} aria-hidden="true" />
          {profileText.newToken}
        </Button>
      }
    >
      <div className={css['page']}>
        {tokens.data === undefined ? (
          tokens.isError ? (
            <NotLoaded title={profileText.notLoaded} onAgain={() => void tokens.refetch()}>
              {problemWords(tokens.error)}
            </NotLoaded>
          ) : (
            <Skeleton rows={6} height={48} />
          )
        ) : tokens.data.length === 0 ? (
          <Empty icon={IconKey} title={profileText.noTokens}>
            {profileText.noTokensWhy}
          </Empty>
        ) : (
          <div className={css['parts']}>
            <div className={css['panel']}>
              <table className={css['table']}>
                <thead>
                  <tr>
                    <th scope="col">{profileText.head.name}</th>
                    <th scope="col">{profileText.head.made}</th>
                    <th scope="col">{profileText.head.used}</th>
                    <th scope="col">{profileText.head.until}</th>
                    <td />
                  </tr>
                </thead>
                <tbody>
                  {tokens.data.map((token) => (
                    <Row key={token.id} token={token} onRevoke={() => setRevoking(token)} />
                  ))}
                </tbody>
              </table>
            </div>
          </div>
        )}
      </div>
      {making && <NewToken onClose={() => setMaking(false)} />}
      {revoking && (
        <Confirm
          title={profileText.revokeTitle(revoking)}
          why={profileText.revokeWhy}
          act={profileText.revokeAct}
          onConfirm={() => revoke(revoking)}
          onClose={() => setRevoking(undefined)}
        />
      )}
    </Page>
  );
}

async function revoke({ id, name }: Token): Promise<void> {
  try {
    await revokeToken(id);
    toast({ words: profileText.revoked({ name }) });
  } catch (error) {
    toast({ look: 'bad', words: profileText.notDone, more: problemWords(error) });
  }
}

function Row({ token: { name, service, scopes, created_at, created_by, last_used_at, expires_at, user_id }, onRevoke }: { token: Token; onRevoke: () => void }) {
  const zone = useZone();
  const now = useNow();
  const when = (at: string) => (
    <time dateTime={at} title={exactTime(Date.parse(at), zone)}>
      {ago(Date.parse(at), now, zone) ?? text.time.now}
    </time>
  );
  const { head } = profileText;
  const over = expires_at !== undefined && Date.parse(expires_at) <= now;
  return (
    <tr>
      <th scope="row">
        {name}
        {service && <span className={css['tag']}>{profileText.isService}</span>}
        {scopes.length > 0 && <span className={css['tag']}>{profileText.only({ scopes })}</span>}
        {created_by && created_by.id !== user_id && <span className={css['small']}> {profileText.madeBy({ name: created_by.name })}</span>}
      </th>
      <td data-label={head.made}>{when(created_at)}</td>
      <td data-label={head.used}>{last_used_at ? when(last_used_at) : profileText.never}</td>
      <td data-label={head.until} className={over ? css['over'] : undefined}>
        {over ? profileText.over : expires_at ? date(today(Date.parse(expires_at), zone), today(now, zone)) : profileText.forever}
      </td>
      <td>
        <Button size="small" aria-label={profileText.revokeOf({ name })} onClick={onRevoke}>
          {profileText.revoke}
        </Button>
      </td>
    </tr>
  );
}

const kinds = ['mine', 'service'] as const;
const scopes = ['all', 'write', 'read'] as const;

function NewToken({ onClose }: { onClose: () => void }) {
  const admin = useMe().role === 'admin';
  const [name, setName] = useState('');
  const [until, setUntil] = useState('');
  const [kind, setKind] = useState<(typeof kinds)[number]>('mine');
  const [scope, setScope] = useState<(typeof scopes)[number]>('all');
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [refused, setRefused] = useState('');
  const [token, setToken] = useState('');
  const [create, busy] = useOnce(async () => {
    setRefused('');
    setErrors({});
    try {
      // The end of the day that was chosen, where the reader is.
      setToken(
        await createToken({
          name: name.trim(),
          ...(until && { expires_at: new Date(`${until}T23:59:59`).toISOString() }),
          ...(kind === 'service' && { service: true }),
          ...(scope !== 'all' && { scopes: [scope] }),
        }),
      );
    } catch (error) {
      const fields = fieldErrors(error);
      setErrors(fields);
      setRefused('name' in fields || 'expires_at' in fields ? '' : problemWords(error, profileText.fields));
    }
  });
  if (token) {
    return (
      <Dialog
        title={profileText.tokenMade({ name: name.trim() })}
        acts={
          <Button look="ink" onClick={onClose}>
            {profileText.done}
          </Button>
        }
      >
        <Secret label={profileText.theToken} value={token} />
      </Dialog>
    );
  }
  return (
    <Dialog
      title={profileText.newToken}
      onClose={busy ? undefined : onClose}
      acts={
        <>
          <Button look="quiet" disabled={busy} onClick={onClose}>
            {text.cancel}
          </Button>
          <Button look="ink" disabled={name.trim() === ''} aria-disabled={busy} onClick={create}>
            {profileText.createToken}
          </Button>
        </>
      }
    >
      <form
        className={css['fields']}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          create();
        }}
      >
        {admin && (
          <div>
            <Segments label={profileText.forWhom} options={kinds.map((value) => ({ value, name: value === 'mine' ? profileText.myself : profileText.service }))} value={kind} onChange={setKind} />
            {kind === 'service' && <p className={css['small']}>{profileText.serviceWhy}</p>}
          </div>
        )}
        <Field
          label={profileText.tokenName}
          value={name}
          autoComplete="off"
          error={errors['name']}
          hint={kind === 'service' ? profileText.serviceNameHint : profileText.tokenNameHint}
          onChange={({ target }) => setName(target.value)}
        />
        <div>
          <Segments label={profileText.may} options={scopes.map((value) => ({ value, name: profileText.scopes[value] }))} value={scope} onChange={setScope} />
          <p className={css['small']}>{profileText.scopesWhy[scope]}</p>
        </div>
        <Field label={profileText.expires} type="date" value={until} error={errors['expires_at']} hint={profileText.expiresHint} onChange={({ target }) => setUntil(target.value)} />
        <div role="alert">{refused && <p className={css['refused']}>{refused}</p>}</div>
      </form>
    </Dialog>
  );
}
