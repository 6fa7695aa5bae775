import css from './Brand.module.css';

/** The mark: paper with a pin. */
export function Brand() {
  return (
    <svg className={css['mark']} viewBox="0 0 20 20" aria-hidden="true">
      <rect className={css['paper']} x="3" y="4.5" width="14" height="13" rx="2" />
      <path className={css['lines']} d="M6.5 11h7M6.5 14h4.5" />
      <circle className={css['pin']} cx="10" cy="4.5" r="3.1" />
    </svg>
  );
}
