import css from './Kbd.module.css';

/** A key, for those who see it; what it does is said elsewhere. */
export function Kbd({ children }: { children: string }) {
  return (
    <kbd className={css['kbd']} aria-hidden="true">
      {children}
    </kbd>
  );
}
