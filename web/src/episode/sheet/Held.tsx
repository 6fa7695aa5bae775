import { IconPencil } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import { episodeText } from '../../text/episode';
import { pageOf } from '../../ui';
import { useEditor } from '../viewers';
import css from './Held.module.css';

interface HeldProps {
  id: string;
  fields: readonly string[];
  /** Whether I type here, too. */
  typing: boolean;
  /** Takes the room of the field; a small one has its tab inside. */
  small?: boolean;
  children: ReactNode;
}

/** Around a field: who else edits it at this moment. It is a hint and no lock. */
export function Held({ id, fields, typing, small = false, children }: HeldProps) {
  const editor = useEditor(id, fields);
  if (!editor) {
    return children;
  }
  const name = editor.name.split(' ')[0] ?? editor.name;
  return (
    <div className={`${css['held']} ${small ? css['small'] : ''} ${css[pageOf(editor.user_id)]}`}>
      <span className={css['tab']}>
        <IconPencil size={12} stroke={2} aria-hidden="true" />
        {typing ? episodeText.editingToo({ name }) : episodeText.editing({ name })}
      </span>
      {children}
    </div>
  );
}
