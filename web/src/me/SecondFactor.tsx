import { IconCopy, IconDownload } from '@tabler/icons-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';

import { fieldErrors, problemWords } from '../client';
import { useNow } from '../live';
import { useMe, useZone } from '../session';
import { date, text, today } from '../text';
import { profileText } from '../text/profile';
import { Button, buttonClass, copyText, Dialog, Field, Secret, toast, useOnce } from '../ui';
import { beginSecondFactor, confirmSecondFactor, newRecoveryCodes, turnOffSecondFactor, useSecondFactor } from './api';
import page from './page.module.css';
import css from './SecondFactor.module.css';

const Qr = lazy(() => import('./Qr'));
const words = profileText.factor;

type Open = { what: 'on' | 'codes' | 'off' } | { what: 'scan'; secret: string; uri: string } | { what: 'kept'; codes: string[] };

/** The code that is asked for after the password: whether it is, and turning it on and off. */
export function SecondFactor() {
  const factor = useSecondFactor();
  const zone = useZone();
  const now = today(useNow(), zone);
  const [open, setOpen] = useState<Open>();
  const close = (): void => setOpen(undefined);
  const { enabled, since, recovery_codes: left } = factor.data ?? { enabled: false, recovery_codes: 0 };
  return (
    <section className={page['panel']}>
      <div className={page['head']}>
        <h2>{words.title}</h2>
      </div>
      {factor.isError && (
        <div className={page['line']} role="alert">
          <span>{profileText.notLoaded}</span>
          <Button size="small" onClick={() => void factor.refetch()}>
            {text.tryAgain}
          </Button>
        </div>
      )}
      {factor.data && (
        <div className={page['line']}>
          <span>
            <b>{enabled ? words.on : words.off}</b>
            <p>{enabled ? words.onWhy({ since: date(today(Date.parse(since ?? ''), zone), now), n: left }) : words.offWhy}</p>
          </span>
          {enabled ? (
            <>
              <Button size="small" onClick={() => setOpen({ what: 'codes' })}>
                {words.newCodes}
              </Button>
              <Button size="small" onClick={() => setOpen({ what: 'off' })}>
                {words.turnOff}
              </Button>
            </>
          ) : (
            <Button size="small" onClick={() => setOpen({ what: 'on' })}>
              {words.turnOn}
            </Button>
          )}
        </div>
      )}
      {open?.what === 'on' && (
        <Ask title={words.askPassword} why={words.askPasswordWhy} act={words.next} onClose={close} send={async (password) => setOpen({ what: 'scan', ...(await beginSecondFactor(password)) })} />
      )}
      {open?.what === 'scan' && <Scan secret={open.secret} uri={open.uri} onClose={close} onCodes={(codes) => setOpen({ what: 'kept', codes })} />}
      {open?.what === 'codes' && (
        <Ask title={words.newCodes} why={words.newCodesWhy} act={words.newCodes} onClose={close} send={async (password) => setOpen({ what: 'kept', codes: await newRecoveryCodes(password) })} />
      )}
      {open?.what === 'kept' && <Codes codes={open.codes} onClose={close} />}
      {open?.what === 'off' && (
        <Ask
          title={words.offTitle}
          why={words.turnOffWhy}
          act={words.turnOff}
          onClose={close}
          send={async (password) => {
            await turnOffSecondFactor(password);
            toast({ words: words.isOff });
            close();
          }}
        />
      )}
    </section>
  );
}

interface FormProps {
  title: string;
  why: string;
  act: string;
  /** Whether there is something to send. */
  ready: boolean;
  onClose: () => void;
  /** Throws what was refused. */
  send: () => Promise<void>;
  children: (error: string | undefined) => ReactNode;
}

/** A dialog with one field, which is sent. */
function Form({ title, why, act, ready, onClose, send, children }: FormProps) {
  const [error, setError] = useState<string>();
  const [submit, busy] = useOnce(async () => {
    setError(undefined);
    try {
      await send();
    } catch (failed) {
      const [refused] = Object.values(fieldErrors(failed));
      setError(refused ?? problemWords(failed, profileText.fields));
    }
  });
  return (
    <Dialog
      title={title}
      why={why}
      onClose={busy ? undefined : onClose}
      acts={
        <>
          <Button look="quiet" disabled={busy} onClick={onClose}>
            {text.cancel}
          </Button>
          <Button look="ink" disabled={!ready} aria-disabled={busy} onClick={submit}>
            {act}
          </Button>
        </>
      }
    >
      <form
        className={page['fields']}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) {
            submit();
          }
        }}
      >
        {children(error)}
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}

/** Asks for the password before something is done. */
function Ask({ send, ...rest }: { title: string; why: string; act: string; onClose: () => void; send: (password: string) => Promise<void> }) {
  const me = useMe();
  const [password, setPassword] = useState('');
  return (
    <Form {...rest} ready={password !== ''} send={() => send(password)}>
      {(error) => (
        <>
          <input type="text" value={me.email} autoComplete="username" readOnly hidden />
          <Field label={profileText.fields['current_password'] ?? ''} type="password" autoComplete="current-password" value={password} error={error} onChange={({ target }) => setPassword(target.value)} />
        </>
      )}
    </Form>
  );
}

/** Shows what an app has to know, and asks for its first code. */
function Scan({ secret, uri, onClose, onCodes }: { secret: string; uri: string; onClose: () => void; onCodes: (codes: string[]) => void }) {
  const [code, setCode] = useState('');
  return (
    <Form title={words.scan} why={words.scanWhy} act={words.turnOn} ready={code.trim() !== ''} onClose={onClose} send={async () => onCodes(await confirmSecondFactor(code.trim()))}>
      {(error) => (
        <>
          <Suspense fallback={<div className={css['qr']} />}>
            <Qr label={words.qr} value={uri} />
          </Suspense>
          <div>
            <p className={css['secret']}>{words.secret}</p>
            <Secret label={words.secret} value={secret} />
          </div>
          <Field label={words.code} hint={words.codeHint} inputMode="numeric" autoComplete="one-time-code" value={code} error={error} onChange={({ target }) => setCode(target.value)} />
        </>
      )}
    </Form>
  );
}

/** Shows recovery codes, this once. */
function Codes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const lines = codes.map((code) => `${code}\n`).join('');
  return (
    <Dialog
      title={words.codes}
      why={words.codesWhy}
      acts={
        <Button look="ink" onClick={onClose}>
          {words.kept}
        </Button>
      }
    >
      <div className={page['fields']}>
        <ul className={css['codes']}>
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <div className={css['acts']}>
          <Button size="small" onClick={() => void copyText(lines, words.copied)}>
            <IconCopy size={14} stroke={1.75} aria-hidden="true" />
            {words.copy}
          </Button>
          <a className={buttonClass({ size: 'small' })} href={`data:text/plain;charset=utf-8,${encodeURIComponent(lines)}`} download={words.file}>
            <IconDownload size={14} stroke={1.75} aria-hidden="true" />
            {words.download}
          </a>
        </div>
        <p className={page['why']}>{text.secret.once}</p>
      </div>
    </Dialog>
  );
}
