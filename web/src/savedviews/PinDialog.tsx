import { useEffect, useRef, useState, type FormEvent } from 'react';

import { useLocation } from '../address';
import { fieldErrors, problemWords } from '../client';
import { useMayEdit } from '../session';
import { text } from '../text';
import { Button, Check, Dialog, Field } from '../ui';
import { savedAddress } from './address';
import { pin, rename, replace, unpin, type SavedView } from './api';
import css from './PinDialog.module.css';

interface PinProps {
  /** What is pinned. */
  address: string;
  suggestion: string;
  /** The view that this one came from, and that can be replaced by it. */
  former: SavedView | undefined;
  onClose: () => void;
}

/** Gives what is shown a name in the sidebar. */
export function NewPin({ address, suggestion, former, onClose }: PinProps) {
  const mayEdit = useMayEdit();
  const [team, setTeam] = useState(false);
  const [, go] = useLocation();
  return (
    <NameDialog
      title={text.savedViews.pin}
      why={new URLSearchParams(address.split('?')[1]).get('view') === 'calendar' ? text.savedViews.pinWhyCalendar : text.savedViews.pinWhy}
      first={suggestion}
      act={text.savedViews.act}
      save={async (name) => {
        const { id } = await pin(name, address, team);
        go(savedAddress({ id, address }), { replace: true }); // what is changed from now on is an edit of it
      }}
      other={
        former && {
          name: text.savedViews.replace({ name: former.name }),
          run: () => replace(former, address),
        }
      }
      onClose={onClose}
    >
      {mayEdit && (
        <label className={css['all']}>
          <Check label={text.savedViews.everybody} checked={team} onChange={() => setTeam(!team)} />
          <span aria-hidden="true">{text.savedViews.everybody}</span>
        </label>
      )}
    </NameDialog>
  );
}

/** Renames a view, or takes it away. */
export function ChangePin({ view, onClose }: { view: SavedView; onClose: () => void }) {
  return (
    <NameDialog
      title={text.savedViews.change}
      first={view.name}
      act={text.savedViews.save}
      save={async (name) => {
        if (name !== view.name) {
          await rename(view, name);
        }
      }}
      other={{ name: view.team ? text.savedViews.unpinForAll : text.savedViews.unpin, run: () => unpin(view) }}
      onClose={onClose}
    />
  );
}

interface NameProps {
  title: string;
  why?: string;
  /** What the name is at first. */
  first: string;
  act: string;
  save: (name: string) => Promise<void>;
  /** What can be done in its place. */
  other: { name: string; run: () => Promise<void> } | undefined;
  onClose: () => void;
  children?: React.ReactNode;
}

function NameDialog({ title, why, first, act, save, other, onClose, children }: NameProps) {
  const input = useRef<HTMLInputElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const [name, setName] = useState(first);
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  useEffect(() => input.current?.select(), []);
  const attempt = async (what: () => Promise<void>): Promise<void> => {
    setBusy(true);
    try {
      await what();
      onClose();
    } catch (refused) {
      setError(fieldErrors(refused)['name'] ?? problemWords(refused));
      setBusy(false);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() === '') {
      setError(text.savedViews.nameMissing);
      input.current?.focus();
    } else if (!busy) {
      void attempt(() => save(name.trim()));
    }
  };
  return (
    <Dialog
      title={title}
      why={why}
      onClose={onClose}
      acts={
        <>
          {other && (
            <Button look="quiet" className={css['first']} aria-disabled={busy} onClick={() => !busy && void attempt(other.run)}>
              {other.name}
            </Button>
          )}
          <Button onClick={onClose}>{text.cancel}</Button>
          <Button look="ink" aria-disabled={busy} onClick={() => form.current?.requestSubmit()}>
            {act}
          </Button>
        </>
      }
    >
      <form ref={form} className={css['form']} onSubmit={submit}>
        <Field ref={input} label={text.savedViews.name} value={name} error={error} maxLength={100} dir="auto" autoComplete="off" onChange={({ target }) => setName(target.value)} />
        {children}
        <button type="submit" className="vh" tabIndex={-1} aria-hidden="true" />
      </form>
    </Dialog>
  );
}
