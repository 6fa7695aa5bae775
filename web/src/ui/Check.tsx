import { useEffect, useRef, type ComponentProps } from 'react';

import css from './Check.module.css';

/** A box to tick. `some`: part of what it stands for is ticked. */
export function Check({ label, some = false, className, ...rest }: { label: string; some?: boolean } & Omit<ComponentProps<'input'>, 'type' | 'ref'>) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) {
      box.current.indeterminate = some;
    }
  }, [some]);
  return <input ref={box} type="checkbox" className={[css['check'], className].filter(Boolean).join(' ')} aria-label={label} {...rest} />;
}

/** A switch: it does what it says at once. */
export function Switch({ label, className, ...rest }: { label: string } & Omit<ComponentProps<'input'>, 'type' | 'role'>) {
  return <input type="checkbox" role="switch" className={[css['switch'], className].filter(Boolean).join(' ')} aria-label={label} {...rest} />;
}
