import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { useId, useState, type ComponentProps } from 'react';

import { gateText } from '../text/gate';
import { Button } from '../ui';
import css from './Slip.module.css';

interface RuleProps extends ComponentProps<'input'> {
  label: string;
  hint?: string;
  error?: string | undefined;
}

/** A ruled line of a slip: one thing to write down. A password can be shown. */
export function Rule({ label, hint, error, type, ...input }: RuleProps) {
  const id = useId();
  const [shown, setShown] = useState(false);
  return (
    <div className={error ? `${css['rule']} ${css['wrong']}` : css['rule']}>
      <div className={css['label']}>
        <label htmlFor={id}>{label}</label>
        {hint && <span id={`${id}-hint`}>{hint}</span>}
      </div>
      <div className={css['line']}>
        <input id={id} type={type === 'password' && shown ? 'text' : type} aria-invalid={error !== undefined} aria-describedby={`${id}-error ${id}-hint`} {...input} />
        {type === 'password' && (
          <Button look="quiet" size="small" icon label={shown ? gateText.hidePassword : gateText.showPassword} onClick={() => setShown(!shown)}>
            {shown ? <IconEyeOff size={16} stroke={1.75} aria-hidden="true" /> : <IconEye size={16} stroke={1.75} aria-hidden="true" />}
          </Button>
        )}
      </div>
      <div id={`${id}-error`} className={error ? css['error'] : undefined}>
        {error}
      </div>
    </div>
  );
}
