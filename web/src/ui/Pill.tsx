import { IconChevronDown } from '@tabler/icons-react';
import type { ComponentProps, ReactNode } from 'react';

import css from './Pill.module.css';

/** A filter in a bar: what it is, and what is chosen. */
export function Pill({ icon, label, value, on, menu = true, className, children, ...rest }: { icon?: ReactNode; label?: string; value?: string; on?: boolean; menu?: boolean } & ComponentProps<'button'>) {
  return (
    <button type="button" className={[css['pill'], on && css['on'], className].filter(Boolean).join(' ')} {...rest}>
      {icon}
      {label}
      {value !== undefined && <b>{value}</b>}
      {children}
      {menu && <IconChevronDown size={12} stroke={2} aria-hidden="true" />}
    </button>
  );
}
