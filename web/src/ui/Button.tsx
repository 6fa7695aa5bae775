import type { ComponentProps } from 'react';

import css from './Button.module.css';
import { useOnce } from './useOnce';

interface Looks {
  /** ink: the one act of a page. quiet: without a frame. bad: cannot be undone. Default: framed. */
  look?: 'ink' | 'quiet' | 'bad';
  size?: 'small' | 'large';
  /** Only an icon; then label says what it does. */
  icon?: boolean;
  label?: string;
  on?: boolean;
}

interface Act {
  /** What it does, in place of onClick, where that takes a while: once at a time. */
  act?: () => Promise<unknown>;
}

const nothing = (): Promise<void> => Promise.resolve();

export function buttonClass({ look, size, icon, on }: Looks): string {
  return [css['button'], look && css[look], size && css[size], icon && css['icon'], on && css['on']].filter(Boolean).join(' ');
}

export function Button({ look, size, icon, label, on, act, className, type = 'button', ...rest }: Looks & Act & ComponentProps<'button'>) {
  const [run, busy] = useOnce(act ?? nothing);
  return (
    <button
      type={type}
      className={[buttonClass({ ...(look && { look }), ...(size && { size }), ...(icon && { icon }), ...(on && { on }) }), className].filter(Boolean).join(' ')}
      {...(label === undefined ? {} : { 'aria-label': label, title: label })}
      {...(act && { onClick: run, 'aria-disabled': busy })}
      {...rest}
    />
  );
}
