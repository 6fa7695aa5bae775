import { IconArrowDown, IconArrowUp, IconCopy, IconDots, IconPencil, IconPinnedOff, IconReplace, IconUsers } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';

import { useStart } from '../live';
import { useMayEdit } from '../session';
import { text } from '../text';
import { Menu } from '../ui';
import { copyLink, pinForEverybody, place, replace, unpin, useMayChange, type SavedView } from './api';
import { useAddress, useOpenView } from './useOpenView';

const ChangePin = lazy(() => import('./PinDialog').then((module) => ({ default: module.ChangePin })));

const look = { size: 16, stroke: 1.75, 'aria-hidden': true } as const;

/** What can be done with a saved view. `last` is the last place among those beside it. */
export function SavedViewMenu({ view, last, className }: { view: SavedView; last: number; className?: string | undefined }) {
  const may = useMayChange()(view);
  const mayEdit = useMayEdit();
  const start = useStart();
  const address = useAddress();
  const now = useOpenView();
  const [renaming, setRenaming] = useState(false);
  const move = (icon: React.ReactNode, words: string, to: number) =>
    to >= 0 &&
    to <= last && (
      <Menu.Item leftSection={icon} {...start(() => void place(view, to))}>
        {words}
      </Menu.Item>
    );
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <button type="button" className={className} aria-label={text.savedViews.menu({ name: view.name })}>
            <IconDots {...look} />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {may && now?.edited && now.view.id === view.id && (
            <Menu.Item leftSection={<IconReplace {...look} />} {...start(() => void replace(view, address))}>
              {text.savedViews.replaceWith}
            </Menu.Item>
          )}
          {may && (
            <Menu.Item leftSection={<IconPencil {...look} />} {...start(() => setRenaming(true))}>
              {text.savedViews.rename}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconCopy {...look} />} onClick={() => void copyLink(view)}>
            {text.savedViews.copyLink}
          </Menu.Item>
          {mayEdit && !view.team && (
            <Menu.Item leftSection={<IconUsers {...look} />} {...start(() => void pinForEverybody(view))}>
              {text.savedViews.everybody}
            </Menu.Item>
          )}
          {may && (
            <>
              {move(<IconArrowUp {...look} />, text.savedViews.up, view.position - 1)}
              {move(<IconArrowDown {...look} />, text.savedViews.down, view.position + 1)}
              <Menu.Divider />
              <Menu.Item leftSection={<IconPinnedOff {...look} />} {...start(() => void unpin(view))}>
                {view.team ? text.savedViews.unpinForAll : text.savedViews.unpin}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {renaming && (
        <Suspense>
          <ChangePin view={view} onClose={() => setRenaming(false)} />
        </Suspense>
      )}
    </>
  );
}
