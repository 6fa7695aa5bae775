import type { ComponentProps } from 'react';

import css from './Check.module.css';

/** A box to tick. */
export function Check({ label, className, ...rest }: { label: string } & Omit<ComponentProps<'input'>, 'type'>) {
  return <input type="checkbox" className={[css['check'], className].filter(Boolean).join(' ')} aria-label={label} {...rest} />;
}

/** A switch: it does what it says at once. */
export function Switch({ label, className, ...rest }: { label: string } & Omit<ComponentProps<'input'>, 'type' | 'role'>) {
  return <input type="checkbox" role="switch" className={[css['switch'], className].filter(Boolean).join(' ')} aria-label={label} {...rest} />;
}
