import { IconArrowBackUp, IconCalendar, IconCircleHalf2, IconDownload, IconTrash, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';

import { call, client } from '../../client';
import { useNow } from '../../live';
import { useZone } from '../../session';
import { date, text, today, type Status } from '../../text';
import { listsText } from '../../text/lists';
import { Bar, Button, DayInput, Kbd, Menu, Popover, StatusIcon, statuses, toast, useActs, type Act } from '../../ui';
import type { ListFilter } from '../address';
import { changeMany, changesOf, deleteMany, exportEpisodes, restoreMany, setStatus, wordsOf, type ExportFormat, type Refusal, type Which } from '../bulk';
import { readIds, settle } from '../store/lists';
import { queryOf } from '../store/query';
import type { Loaded } from '../store/place';
import { clearSelection, countOf, select, selectAll, useSelection } from '../store/selection';
import { focusList } from '../table/focus';
import { DeleteDialog } from './DeleteDialog';
import { RefusedDialog } from './RefusedDialog';
import css from './BulkBar.module.css';

const most = 500; // episodes that are changed at once
const mostDirect = 20; // episodes that are deleted without asking, since one undo brings them back

type Work = (ids: readonly string[], progress: (done: number) => void) => Promise<Refusal[]>;

/** What can be done with the selected episodes. It is there while some are. */
export default function BulkBar({ filter, loaded }: { filter: ListFilter; loaded: Loaded }) {
  const selection = useSelection();
  const [busy, setBusy] = useState<{ done: number; of: number }>();
  const [refused, setRefused] = useState<{ done: number; refusals: Refusal[] }>();
  const [deleting, setDeleting] = useState<Which>();
  const n = countOf(selection);
  const which: Which = selection.all ? { filter } : { ids: [...selection.ids] };

  const work = async (act: Work): Promise<void> => {
    setBusy({ done: 0, of: n });
    let ids = [...selection.ids];
    if (selection.all) {
      try {
        ids = await readIds(filter, most);
      } catch (error) {
        setBusy(undefined);
        toast({ look: 'bad', words: listsText.notDone, more: wordsOf(error) });
        return;
      }
    }
    const refusals = await act(ids, (done) => setBusy({ done, of: ids.length }));
    setBusy(undefined);
    select(refusals.map(({ id }) => id));
    if (refusals.length > 0) {
      setRefused({ done: ids.length - refusals.length, refusals });
    } else {
      focusList();
    }
  };
  const remove = (): void => {
    if (selection.all || n > mostDirect) {
      setDeleting(which);
    } else {
      void work(deleteMany);
    }
  };
  const clear = (): void => {
    clearSelection();
    focusList();
  };
  const tooMany = n > most;
  const [dating, setDating] = useState(false);
  const status = (to: Status): void => void work((ids, progress) => setStatus(ids, to, progress));
  const many: Act[] = filter.deleted
    ? [{ name: text.palette.restoreOf({ n }), icon: IconArrowBackUp, run: () => void work(restoreMany) }]
    : [
        ...statuses.map((to) => ({ name: text.palette.setStatusOf({ n, status: text.status[to] }), icon: IconCircleHalf2, run: () => status(to) })),
        { name: text.palette.setAirDateOf({ n }), icon: IconCalendar, run: () => setDating(true) },
      ];
  const others: Act[] = filter.deleted
    ? []
    : [
        ...formats.map((format) => ({ name: text.palette.exportAs({ n, format: listsText.formats[format] }), icon: IconDownload, run: () => void exportEpisodes(which, format) })),
        { name: text.palette.deleteOf({ n }), icon: IconTrash, run: remove },
      ];
  useActs(n === 0 || busy ? [] : [...(tooMany ? [] : many), ...others, { name: listsText.clear, icon: IconX, run: clear }]);

  return (
    <>
      {(n > 0 || busy) && (
        <div className={css['bulk']} role="toolbar" aria-label={listsText.bar} data-bulk>
          {busy ? (
            <span className={css['busy']} role="status">
              {listsText.progress(busy)}
              <span className={css['bar']}>
                <Bar value={(busy.done / busy.of) * 100} label={listsText.working} />
              </span>
            </span>
          ) : (
            <>
              <span className={css['count']}>
                <span role="status">{listsText.selected({ n })}</span>
                <Button size="small" icon look="quiet" label={listsText.clear} onClick={clear}>
                  <IconX size={14} stroke={1.75} aria-hidden="true" />
                </Button>
              </span>
              <Matching filter={filter} loaded={loaded} />
              <span className={css['line']} />
              {filter.deleted ? (
                <Tool icon={<IconArrowBackUp size={16} stroke={1.75} aria-hidden="true" />} off={tooMany} onClick={() => void work(restoreMany)}>
                  {listsText.restore}
                </Tool>
              ) : (
                <>
                  <StatusAct off={tooMany} onChoose={status} />
                  <DateAct off={tooMany} open={dating} setOpen={setDating} onChoose={(day) => void work((ids, progress) => setDay(ids, day, progress))} />
                  <ExportAct onChoose={(format) => void exportEpisodes(which, format)} />
                  <span className={css['line']} />
                  <Tool icon={<IconTrash size={16} stroke={1.75} aria-hidden="true" />} onClick={remove}>
                    {listsText.delete}
                  </Tool>
                </>
              )}
            </>
          )}
        </div>
      )}
      {deleting && (
        <DeleteDialog
          which={deleting}
          onClose={(goesOn) => {
            setDeleting(undefined);
            if (goesOn) {
              clear(); // what is selected from now on is something else
            }
          }}
          onDone={(here) => {
            settle('ids' in deleting ? deleting.ids : loaded.ids);
            if (here) {
              setDeleting(undefined);
              clear();
            }
          }}
        />
      )}
      {refused && <RefusedDialog {...refused} why={listsText.refusedWhy} onClose={() => setRefused(undefined)} />}
    </>
  );
}

async function setDay(ids: readonly string[], day: string | null, progress: (done: number) => void): Promise<Refusal[]> {
  const words = day === null ? null : date(day, '');
  return changeMany(changesOf(ids, { air_date: day }), { words: (done) => listsText.dateSet({ n: done.length, title: done[0]?.title ?? '', day: words }) }, progress);
}

/** Offers what was not read, once all that was read is selected. */
function Matching({ filter, loaded }: { filter: ListFilter; loaded: Loaded }) {
  const offered = useSelection(({ ids, all }) => all === undefined && loaded.more && ids.size >= loaded.ids.length);
  const { data: total } = useQuery({
    queryKey: ['episodes', 'total', filter],
    queryFn: async ({ signal }) => (await call(() => client.api.GET('/api/v1/episodes/totals', { params: { query: queryOf(filter) }, signal }))).data.total,
    enabled: offered,
    staleTime: 0,
    gcTime: 0,
  });
  return (
    offered &&
    total !== undefined && (
      <Button size="small" look="quiet" onClick={() => selectAll(filter, total)}>
        {listsText.selectMatching({ n: total })}
      </Button>
    )
  );
}

interface ToolProps {
  icon: ReactNode;
  /** More are selected than can be changed at once. */
  off?: boolean;
  onClick?: () => void;
  children: string;
}

function Tool({ icon, off = false, onClick, children, ...rest }: ToolProps) {
  return (
    <Button size="small" look="quiet" {...rest} {...(off ? { 'aria-disabled': true, title: listsText.tooMany({ most }), onClick: () => toast({ look: 'news', words: listsText.tooMany({ most }) }) } : { onClick })}>
      {icon}
      {children}
    </Button>
  );
}

function StatusAct({ off, onChoose }: { off: boolean; onChoose: (status: Status) => void }) {
  const [open, setOpen] = useState(false);
  const choose = (status: Status): void => {
    setOpen(false);
    onChoose(status);
  };
  const keys = (event: React.KeyboardEvent): void => {
    const status = statuses[Number(event.key) - 1];
    if (status) {
      event.preventDefault();
      choose(status);
    }
  };
  return (
    <Menu position="top" opened={open} onChange={(wanted) => setOpen(wanted && !off)}>
      <Menu.Target>
        <Tool icon={<IconCircleHalf2 size={16} stroke={1.75} aria-hidden="true" />} off={off} onClick={() => setOpen(!open)}>
          {listsText.setStatus}
        </Tool>
      </Menu.Target>
      <Menu.Dropdown onKeyDown={keys}>
        {statuses.map((status, i) => (
          <Menu.Item key={status} leftSection={<StatusIcon status={status} />} rightSection={<Kbd>{String(i + 1)}</Kbd>} onClick={() => choose(status)}>
            {text.status[status]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{text.episodes.publishingTells}</Menu.Label>
      </Menu.Dropdown>
    </Menu>
  );
}

function DateAct({ off, open, setOpen, onChoose }: { off: boolean; open: boolean; setOpen: (open: boolean) => void; onChoose: (day: string | null) => void }) {
  const [day, setDay] = useState<string | null | undefined>(null);
  const now = today(useNow(), useZone());
  const choose = (chosen: string | null): void => {
    setOpen(false);
    onChoose(chosen);
  };
  const set = (): void => {
    if (day) {
      choose(day);
    }
  };
  return (
    <Popover position="top" opened={open} onChange={setOpen}>
      <Popover.Target>
        <Tool icon={<IconCalendar size={16} stroke={1.75} aria-hidden="true" />} off={off} onClick={() => setOpen(!open)}>
          {listsText.setAirDate}
        </Tool>
      </Popover.Target>
      <Popover.Dropdown className={css['date']}>
        <DayInput label={text.episodes.columnNames.air_date} today={now} onChange={setDay} onKeyDown={(event) => event.key === 'Enter' && set()} />
        <span className={css['dateActs']}>
          <Button look="ink" aria-disabled={!day} onClick={set}>
            {listsText.set}
          </Button>
          <Button look="quiet" onClick={() => choose(null)}>
            {listsText.noAirDate}
          </Button>
        </span>
      </Popover.Dropdown>
    </Popover>
  );
}

const formats: readonly ExportFormat[] = ['csv', 'xlsx', 'ndjson'];

function ExportAct({ onChoose }: { onChoose: (format: ExportFormat) => void }) {
  return (
    <Menu position="top">
      <Menu.Target>
        <Tool icon={<IconDownload size={16} stroke={1.75} aria-hidden="true" />}>{listsText.export}</Tool>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map((format) => (
          <Menu.Item key={format} onClick={() => onChoose(format)}>
            {listsText.formats[format]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
