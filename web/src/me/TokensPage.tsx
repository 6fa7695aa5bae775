import { IconKey, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';

import { Link } from '../address';
import { fieldErrors, problemWords } from '../client';
import { useNow } from '../live';
import { useMe, useZone } from '../session';
import { ago, date, exactTime, text, today } from '../text';
import { Button, Dialog, Empty, Field, NotLoaded, Page, Secret, Segments, Skeleton, toast } from '../ui';
import { createToken, revokeToken, useTokens, type Token } from './api';
import css from './page.module.css';

/** The tokens by which scripts and applications act for one. */
export default function TokensPage() {
  const tokens = useTokens();
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Token>();
  return (
    <Page
      title={text.profile.tokens}
      crumb={<Link href="/me">{text.profile.title}</Link>}
      acts={
        <Button look="ink" onClick={() => setMaking(true)}>
          <IconPlus size={14} stroke={1.75} aria-hidden="true" />
          {text.profile.newToken}
        </Button>
      }
    >
      <div className={css['page']}>
        {tokens.data === undefined ? (
          tokens.isError ? (
            <NotLoaded title={text.profile.notLoaded} onAgain={() => void tokens.refetch()}>
              {problemWords(tokens.error)}
            </NotLoaded>
          ) : (
            <Skeleton rows={6} height={48} />
          )
        ) : tokens.data.length === 0 ? (
          <Empty icon={IconKey} title={text.profile.noTokens}>
            {text.profile.noTokensWhy}
          </Empty>
        ) : (
          <div className={css['parts']}>
            <div className={css['panel']}>
              <table className={css['table']}>
                <thead>
                  <tr>
                    <th scope="col">{text.profile.head.name}</th>
                    <th scope="col">{text.profile.head.made}</th>
                    <th scope="col">{text.profile.head.used}</th>
                    <th scope="col">{text.profile.head.until}</th>
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
      {revoking && <Revoke token={revoking} onClose={() => setRevoking(undefined)} />}
    </Page>
  );
}

function Row({ token: { name, service, created_at, created_by, last_used_at, expires_at, user_id }, onRevoke }: { token: Token; onRevoke: () => void }) {
  const zone = useZone();
  const now = useNow();
  const when = (at: string) => (
    <time dateTime={at} title={exactTime(Date.parse(at), zone)}>
      {ago(Date.parse(at), now, zone) ?? text.time.now}
    </time>
  );
  const { head } = text.profile;
  const over = expires_at !== undefined && Date.parse(expires_at) <= now;
  return (
    <tr>
      <th scope="row">
        {name}
        {service && <span className={css['tag']}>{text.profile.isService}</span>}
        {created_by && created_by.id !== user_id && <span className={css['small']}> {text.profile.madeBy({ name: created_by.name })}</span>}
      </th>
      <td data-label={head.made}>{when(created_at)}</td>
      <td data-label={head.used}>{last_used_at ? when(last_used_at) : text.profile.never}</td>
      <td data-label={head.until} className={over ? css['over'] : undefined}>
        {over ? text.profile.over : expires_at ? date(today(Date.parse(expires_at), zone), today(now, zone)) : text.profile.forever}
      </td>
      <td>
        <Button size="small" aria-label={text.profile.revokeOf({ name })} onClick={onRevoke}>
          {text.profile.revoke}
        </Button>
      </td>
    </tr>
  );
}

const kinds = ['mine', 'service'] as const;

function NewToken({ onClose }: { onClose: () => void }) {
  const admin = useMe().role === 'admin';
  const [name, setName] = useState('');
  const [until, setUntil] = useState('');
  const [kind, setKind] = useState<(typeof kinds)[number]>('mine');
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [refused, setRefused] = useState('');
  const [token, setToken] = useState('');
  const create = async (): Promise<void> => {
    setRefused('');
    setErrors({});
    try {
      // The end of the day that was chosen, where the reader is.
      setToken(await createToken({ name: name.trim(), ...(until && { expires_at: new Date(`${until}T23:59:59`).toISOString() }), ...(kind === 'service' && { service: true }) }));
    } catch (error) {
      const fields = fieldErrors(error);
      setErrors(fields);
      setRefused('name' in fields || 'expires_at' in fields ? '' : problemWords(error, text.profile.fields));
    }
  };
  if (token) {
    return (
      <Dialog
        title={text.profile.tokenMade({ name: name.trim() })}
        onClose={onClose}
        acts={
          <Button look="ink" onClick={onClose}>
            {text.profile.done}
          </Button>
        }
      >
        <Secret label={text.profile.theToken} value={token} />
      </Dialog>
    );
  }
  return (
    <Dialog
      title={text.profile.newToken}
      onClose={onClose}
      acts={
        <>
          <Button look="quiet" onClick={onClose}>
            {text.cancel}
          </Button>
          <Button look="ink" disabled={name.trim() === ''} onClick={() => void create()}>
            {text.profile.createToken}
          </Button>
        </>
      }
    >
      <form
        className={css['fields']}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        {admin && (
          <div>
            <Segments label={text.profile.forWhom} options={kinds.map((value) => ({ value, name: value === 'mine' ? text.profile.myself : text.profile.service }))} value={kind} onChange={setKind} />
            {kind === 'service' && <p className={css['small']}>{text.profile.serviceWhy}</p>}
          </div>
        )}
        <Field
          label={text.profile.tokenName}
          value={name}
          autoComplete="off"
          error={errors['name']}
          hint={kind === 'service' ? text.profile.serviceNameHint : text.profile.tokenNameHint}
          onChange={({ target }) => setName(target.value)}
        />
        <Field label={text.profile.expires} type="date" value={until} error={errors['expires_at']} hint={text.profile.expiresHint} onChange={({ target }) => setUntil(target.value)} />
        <div role="alert">{refused && <p className={css['refused']}>{refused}</p>}</div>
      </form>
    </Dialog>
  );
}

function Revoke({ token: { id, name }, onClose }: { token: Token; onClose: () => void }) {
  const revoke = async (): Promise<void> => {
    try {
      await revokeToken(id);
      toast({ words: text.profile.revoked({ name }) });
    } catch (error) {
      toast({ look: 'bad', words: text.profile.notDone, more: problemWords(error) });
    }
    onClose();
  };
  return (
    <Dialog
      title={text.profile.revokeTitle({ name })}
      why={text.profile.revokeWhy}
      onClose={onClose}
      acts={
        <>
          <Button look="quiet" onClick={onClose}>
            {text.cancel}
          </Button>
          <Button look="bad" onClick={() => void revoke()}>
            {text.profile.revokeAct}
          </Button>
        </>
      }
    />
  );
}
