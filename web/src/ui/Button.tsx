import type { ComponentProps } from 'react';

import css from './Button.module.css';

interface Looks {
  /** ink: the one act of a page. quiet: without a frame. bad: cannot be undone. Default: framed. */
  look?: 'ink' | 'quiet' | 'bad';
  size?: 'small' | 'large';
  /** Only an icon; then label says what it does. */
  icon?: boolean;
  label?: string;
  on?: boolean;
}

export function buttonClass({ look, size, icon, on }: Looks): string {
  return [css['button'], look && css[look], size && css[size], icon && css['icon'], on && css['on']].filter(Boolean).join(' ');
}

export function Button({ look, size, icon, label, on, className, type = 'button', ...rest }: Looks & ComponentProps<'button'>) {
  return (
    <button
      type={type}
      className={[buttonClass({ ...(look && { look }), ...(size && { size }), ...(icon && { icon }), ...(on && { on }) }), className].filter(Boolean).join(' ')}
      {...(label === undefined ? {} : { 'aria-label': label, title: label })}
      {...rest}
    />
  );
}
