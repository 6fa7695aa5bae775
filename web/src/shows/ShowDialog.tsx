import { useEffect, useRef, useState, type FormEvent } from 'react';

import { useLocation } from '../address';
import { fieldErrors, problemWords, statusOf } from '../client';
import { text } from '../text';
import { Button, Dialog, Field, TextField, toast } from '../ui';
import { changeShow, createShow, deleteShow, type Show } from './api';
import css from './ShowDialog.module.css';

/** A new show, or one that is edited. */
export function ShowDialog({ show, onClose }: { show?: Show; onClose: () => void }) {
  const [, go] = useLocation();
  const input = useRef<HTMLInputElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const [title, setTitle] = useState(show?.title ?? '');
  const [description, setDescription] = useState(show?.description ?? '');
  const [began, setBegan] = useState(show); // what the edit is held against; nothing, once somebody is told of another one
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  useEffect(() => input.current?.select(), []);
  const save = async (): Promise<void> => {
    if (title.trim() === '') {
      setErrors({ title: text.shows.titleMissing });
      input.current?.focus();
      return;
    }
    setBusy(true);
    try {
      const body = { title: title.trim(), description: description.trim() || null };
      if (!show) {
        const { id } = await createShow(body);
        go(`/episodes?show=${id}`);
      } else if (body.title !== show.title || body.description !== show.description) {
        await changeShow(show, body, began?.version);
      }
      onClose();
    } catch (error) {
      const refused = fieldErrors(error);
      const stale = statusOf(error) === 412;
      setErrors(Object.keys(refused).length > 0 ? refused : { title: stale ? text.shows.changedSince : problemWords(error) });
      if (stale) {
        setBegan(undefined);
      }
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={show ? text.shows.editTitle : text.shows.add}
      onClose={onClose}
      acts={
        <>
          <Button onClick={onClose}>{text.cancel}</Button>
          <Button look="ink" aria-disabled={busy} onClick={() => form.current?.requestSubmit()}>
            {show ? text.shows.save : text.shows.create}
          </Button>
        </>
      }
    >
      <form
        ref={form}
        className={css['form']}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (!busy) {
            void save();
          }
        }}
      >
        <Field ref={input} label={text.shows.title} value={title} error={errors['title']} maxLength={255} dir="auto" autoComplete="off" onChange={({ target }) => setTitle(target.value)} />
        <TextField label={text.shows.description} value={description} error={errors['description']} dir="auto" onChange={({ target }) => setDescription(target.value)} />
        <button type="submit" className="vh" tabIndex={-1} aria-hidden="true" />
      </form>
    </Dialog>
  );
}

/** Asks, since it cannot be brought back. */
export function DeleteShow({ show, onClose }: { show: Show; onClose: () => void }) {
  const [, go] = useLocation();
  const [why, setWhy] = useState<string>();
  const remove = async (): Promise<void> => {
    try {
      await deleteShow(show);
      onClose();
      toast({ words: text.shows.deleted({ title: show.title }) });
      if (new URLSearchParams(window.location.search).get('show') === show.id) {
        go('/episodes');
      }
    } catch (error) {
      setWhy(problemWords(error));
    }
  };
  return (
    <Dialog
      title={text.shows.deleteTitle({ title: show.title })}
      why={text.shows.deleteWhy}
      onClose={onClose}
      acts={
        <>
          <Button onClick={onClose}>{text.cancel}</Button>
          <Button look="bad" act={remove}>
            {text.shows.deleteAct}
          </Button>
        </>
      }
    >
      {why && (
        <p className={css['why']} role="alert">
          {why}
        </p>
      )}
    </Dialog>
  );
}
