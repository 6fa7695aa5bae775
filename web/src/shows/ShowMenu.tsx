import { IconDots, IconEye, IconEyeOff, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';

import { useStart } from '../live';
import { useMayEdit } from '../session';
import { text } from '../text';
import { Menu } from '../ui';
import { useWatchingShow, watchShow, type Show } from './api';

export const ShowDialog = lazy(() => import('./ShowDialog').then((module) => ({ default: module.ShowDialog })));
const DeleteShow = lazy(() => import('./ShowDialog').then((module) => ({ default: module.DeleteShow })));

const look = { size: 16, stroke: 1.75, 'aria-hidden': true } as const;

/** Begins a new show. */
export function NewShow({ className }: { className?: string | undefined }) {
  const [open, setOpen] = useState(false);
  const start = useStart();
  return (
    <>
      <button type="button" className={className} aria-label={text.shows.add} title={text.shows.add} {...start(() => setOpen(true))}>
        <IconPlus {...look} />
      </button>
      {open && (
        <Suspense>
          <ShowDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

/** What can be done with a show: everybody may watch it. */
export function ShowMenu({ show, className }: { show: Show; className?: string | undefined }) {
  const mayEdit = useMayEdit();
  const start = useStart();
  const [opened, setOpened] = useState(false);
  const [dialog, setDialog] = useState<'edit' | 'delete'>();
  const watching = useWatchingShow(show.id, { enabled: opened });
  const close = (): void => setDialog(undefined);
  return (
    <>
      <Menu position="bottom-end" opened={opened} onChange={setOpened}>
        <Menu.Target>
          <button type="button" className={className} aria-label={text.shows.menu({ title: show.title })}>
            <IconDots {...look} />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={watching ? <IconEyeOff {...look} /> : <IconEye {...look} />} {...(watching === undefined ? { 'aria-disabled': true } : start(() => void watchShow(show, !watching)))}>
            {watching ? text.shows.stopWatching : text.shows.watch}
          </Menu.Item>
          {mayEdit && (
            <>
              <Menu.Item leftSection={<IconPencil {...look} />} {...start(() => setDialog('edit'))}>
                {text.shows.edit}
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item leftSection={<IconTrash {...look} />} {...start(() => setDialog('delete'))}>
                {text.shows.delete}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <Suspense>
        {dialog === 'edit' && <ShowDialog show={show} onClose={close} />}
        {dialog === 'delete' && <DeleteShow show={show} onClose={close} />}
      </Suspense>
    </>
  );
}
