import type { Icon } from '@tabler/icons-react';

import css from './Segments.module.css';

/** A few ways to see the same, of which one is chosen. */
export function Segments<T extends string>({ label, options, value, onChange }: { label: string; options: readonly { value: T; name: string; icon?: Icon }[]; value: T; onChange: (value: T) => void }) {
  return (
    <div className={css['segments']} role="group" aria-label={label}>
      {options.map(({ icon: Icon, ...option }) => (
        <button key={option.value} type="button" className={option.value === value ? css['on'] : undefined} aria-pressed={option.value === value} onClick={() => onChange(option.value)}>
          {Icon && <Icon size={14} stroke={1.75} aria-hidden="true" />}
          {option.name}
        </button>
      ))}
    </div>
  );
}
