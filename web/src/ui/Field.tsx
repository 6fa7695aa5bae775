import { useId, type ComponentProps, type ReactNode } from 'react';

import css from './Field.module.css';

interface FieldProps {
  label: string;
  /** Why what is in it was refused. */
  error?: string | undefined;
  hint?: ReactNode;
}

const inputClass = (error: string | undefined): string => [css['input'], error && css['wrong']].filter(Boolean).join(' ');

function useParts({ error, hint }: Pick<FieldProps, 'error' | 'hint'>) {
  const id = useId();
  const described = [...(error ? [`${id}e`] : []), ...(hint ? [`${id}h`] : [])].join(' ');
  return { id, aria: { id, 'aria-invalid': error ? true : undefined, 'aria-describedby': described || undefined } };
}

function Around({ id, label, error, hint, children }: FieldProps & { id: string; children: ReactNode }) {
  return (
    <div className={css['field']}>
      <label className={css['label']} htmlFor={id}>
        {label}
      </label>
      {children}
      {error && (
        <p className={css['error']} id={`${id}e`}>
          {error}
        </p>
      )}
      {hint && (
        <p className={css['hint']} id={`${id}h`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** A line to write in, with its name above and what is wrong with it below. */
export function Field({ label, error, hint, ...rest }: FieldProps & Omit<ComponentProps<'input'>, 'id'>) {
  const { id, aria } = useParts({ error, hint });
  return (
    <Around id={id} label={label} error={error} hint={hint}>
      <input className={inputClass(error)} {...aria} {...rest} />
    </Around>
  );
}

/** The same for several lines. */
export function TextField({ label, error, hint, ...rest }: FieldProps & Omit<ComponentProps<'textarea'>, 'id'>) {
  const { id, aria } = useParts({ error, hint });
  return (
    <Around id={id} label={label} error={error} hint={hint}>
      <textarea className={inputClass(error)} {...aria} {...rest} />
    </Around>
  );
}

/** The same to choose one of some. */
export function SelectField({ label, error, hint, ...rest }: FieldProps & Omit<ComponentProps<'select'>, 'id'>) {
  const { id, aria } = useParts({ error, hint });
  return (
    <Around id={id} label={label} error={error} hint={hint}>
      <select className={inputClass(error)} {...aria} {...rest} />
    </Around>
  );
}
