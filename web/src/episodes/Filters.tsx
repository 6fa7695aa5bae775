import { IconArrowsSort, IconColumns3, IconPlus, IconTrash } from '@tabler/icons-react';
import { Suspense, useState } from 'react';

import { useStart } from '../live';
import { useMayEdit } from '../session';
import { ShowDialog, ShowMenu, ShowSquare, useShows } from '../shows/shared';
import { text, type Status } from '../text';
import { Find, Menu, Pill, Popover, StatusIcon, statuses, usePhone } from '../ui';
import { boardSort, sorts, type ListAddress } from './address';
import type ColumnsPanel from './columns/ColumnsPanel';
import { MonthSwitch } from './MonthSwitch';
import { ViewMenu } from './ViewSwitch';
import css from './Filters.module.css';

type Change = (change: Partial<ListAddress>, how?: { replace?: boolean }) => void;

/** The bar of filters: what they say is in the address. */
export function Filters({ address, change }: { address: ListAddress; change: Change }) {
  const phone = usePhone();
  return (
    <>
      {phone && <ViewMenu address={address} change={change} />}
      <Find q={address.q} label={text.episodes.find} onFind={(q) => change({ q }, { replace: true })} />
      <ShowFilter address={address} change={change} />
      {(address.view !== 'board' || address.status.length > 0) && <StatusFilter address={address} change={change} />}
      <span className={css['end']}>
        {address.view === 'calendar' ? !phone && <MonthSwitch address={address} change={change} /> : <SortMenu address={address} change={change} />}
        {!phone && address.view === 'table' && <ColumnsPill address={address} change={change} />}
      </span>
    </>
  );
}

/** Which show. On phones, which have no side bar, it is also where shows are made, watched and changed. */
function ShowFilter({ address: { show }, change }: { address: ListAddress; change: Change }) {
  const shows = useShows();
  const phone = usePhone();
  const mayEdit = useMayEdit();
  const start = useStart();
  const [adding, setAdding] = useState(false);
  const chosen = shows.find(({ id }) => id === show);
  return (
    <>
      <Menu>
        <Menu.Target>
          <Pill label={text.episodes.show} value={show ? (chosen?.title ?? text.episodes.unknownShow) : text.episodes.anyShow} on={show !== ''} />
        </Menu.Target>
        <Menu.Dropdown className={css['long']}>
          <Menu.Radio checked={show === ''} onChoose={() => change({ show: '' })}>
            {text.episodes.anyShow}
          </Menu.Radio>
          {shows.map((one) => (
            <Menu.Radio key={one.id} checked={show === one.id} icon={<ShowSquare id={one.id} />} onChoose={() => change({ show: one.id })}>
              {one.title}
            </Menu.Radio>
          ))}
          {phone && mayEdit && (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<IconPlus size={16} stroke={1.75} aria-hidden="true" />} {...start(() => setAdding(true))}>
                {text.shows.add}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {phone && chosen && <ShowMenu show={chosen} className={css['more']} />}
      {adding && (
        <Suspense>
          <ShowDialog onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </>
  );
}

function StatusFilter({ address: { status, deleted }, change }: { address: ListAddress; change: Change }) {
  const toggle = (one: Status): void => change({ status: statuses.filter((other) => (other === one ? !status.includes(one) : status.includes(other))) });
  return (
    <Menu>
      <Menu.Target>
        <Pill label={text.episodes.statusFilter} value={deleted ? text.episodes.deleted : text.episodes.statusesChosen({ statuses: status.map((one) => text.status[one]) })} on={status.length > 0 || deleted} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Radio checked={status.length === 0 && !deleted} onChoose={() => change({ status: [], deleted: false })}>
          {text.episodes.anyStatus}
        </Menu.Radio>
        {statuses.map((one) => (
          <Menu.Check key={one} checked={status.includes(one)} icon={<StatusIcon status={one} />} onChoose={() => toggle(one)}>
            {text.status[one]}
          </Menu.Check>
        ))}
        <Menu.Divider />
        <Menu.Check checked={deleted} icon={<IconTrash size={16} stroke={1.75} aria-hidden="true" />} onChoose={() => change({ deleted: !deleted })}>
          {text.episodes.deleted}
        </Menu.Check>
      </Menu.Dropdown>
    </Menu>
  );
}

function SortMenu({ address, change }: { address: ListAddress; change: Change }) {
  const inBoard = address.view === 'board';
  const sort = inBoard ? boardSort(address.sort) : address.sort;
  const offered = inBoard ? sorts.filter((one) => boardSort(one) === one) : sorts;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Pill icon={<IconArrowsSort size={14} stroke={1.75} aria-hidden="true" />} value={text.episodes.sorts[sort]} menu={false} aria-label={`${text.episodes.sort}: ${text.episodes.sorts[sort]}`} />
      </Menu.Target>
      <Menu.Dropdown>
        {offered.map((one) => (
          <Menu.Radio key={one} checked={sort === one} onChoose={() => change({ sort: one })}>
            {text.episodes.sorts[one]}
          </Menu.Radio>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Which columns there are. What is in it is imported when somebody asks for it. */
function ColumnsPill({ address, change }: { address: ListAddress; change: Change }) {
  const [opened, setOpened] = useState(false);
  const [Panel, setPanel] = useState<typeof ColumnsPanel>();
  const open = async (): Promise<void> => {
    const { default: panel } = await import('./columns/ColumnsPanel');
    setPanel(() => panel);
    setOpened(true);
  };
  return (
    <Popover position="bottom-end" opened={opened} onChange={setOpened}>
      <Popover.Target>
        <Pill icon={<IconColumns3 size={14} stroke={1.75} aria-hidden="true" />} label={text.episodes.columns} menu={false} on={opened || address.cols.length > 0 || address.density !== 'default'} onClick={() => (opened ? setOpened(false) : void open())} />
      </Popover.Target>
      <Popover.Dropdown aria-label={text.episodes.columns}>{Panel && <Panel address={address} change={change} />}</Popover.Dropdown>
    </Popover>
  );
}
