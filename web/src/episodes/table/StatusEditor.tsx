import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';

import { text, type Status } from '../../text';
import { Kbd, Menu, StatusIcon, statuses, StatusWord } from '../../ui';
import { closeCell, type OpenCell } from '../store/cursor';
import type { Episode } from '../store/episode';
import { CellNote } from './CellNote';
import { save } from './edit';
import { afterEdit } from './focus';
import css from './editors.module.css';

/** The statuses to choose from, also by the keys 1 to 6. */
export function StatusEditor({ episode, open }: { episode: Episode; open: OpenCell }) {
  const shown = open.error === undefined && !open.clash ? episode.status : (open.draft as Status);
  const [listed, setListed] = useState(open.error === undefined && open.clash === undefined);
  const close = (): void => {
    closeCell(episode.id, 'status');
    afterEdit(episode.id, 'status', 'stay');
  };
  const choose = (status: Status): void => {
    save(open.began, 'status', status);
    afterEdit(episode.id, 'status', 'stay');
  };
  const keys = (event: React.KeyboardEvent): void => {
    event.stopPropagation();
    const status = statuses[Number(event.key) - 1];
    if (status) {
      event.preventDefault();
      choose(status);
    }
  };
  return (
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- the keys are those of the menu
    <span className={css['status']} onKeyDown={keys}>
      <Menu
        opened={listed}
        onChange={(opened) => {
          setListed(opened);
          if (!opened) {
            close();
          }
        }}
        returnFocus={false}
        withinPortal
      >
        <Menu.Target>
          <button type="button" className={css['chosen']} aria-label={`${text.status[shown]}, ${text.episodes.setStatus({ title: episode.title })}`} onClick={() => setListed(true)}>
            <StatusWord status={shown} />
            <IconChevronDown size={12} stroke={2} aria-hidden="true" />
          </button>
        </Menu.Target>
        <Menu.Dropdown onKeyDown={keys}>
          {statuses.map((status, i) => (
            <Menu.Radio key={status} checked={status === episode.status} icon={<StatusIcon status={status} />} end={<Kbd>{String(i + 1)}</Kbd>} onChoose={() => choose(status)}>
              {text.status[status]}
            </Menu.Radio>
          ))}
          <Menu.Divider />
          <Menu.Label>{text.episodes.publishingTells}</Menu.Label>
        </Menu.Dropdown>
      </Menu>
      <CellNote
        id={`note-status-${episode.id}`}
        error={open.error}
        theirs={open.clash && { name: open.clash.name, value: text.status[open.clash.theirs.status] }}
        onMine={
          open.clash &&
          (() => {
            save(open.clash?.theirs ?? open.began, 'status', open.draft);
            afterEdit(episode.id, 'status', 'stay');
          })
        }
        onTheirs={close}
      />
    </span>
  );
}
