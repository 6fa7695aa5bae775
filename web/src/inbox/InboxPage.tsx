import { IconAdjustmentsHorizontal, IconArchive, IconArrowUp, IconBell, IconChecks, IconFilter, IconInbox, IconMail, IconMailOpened, IconX } from '@tabler/icons-react';
import { Fragment, useCallback, useEffect, useMemo, useRef, useState, type RefObject } from 'react';

import { Link, useLocation, useParamsOf } from '../address';
import { problemWords } from '../client';
import { text } from '../text';
import { inboxText } from '../text/inbox';
import { Button, buttonClass, Empty, isTyping, Kbd, Menu, NotLoaded, Page, Pill, Segments, Skeleton, usePhone } from '../ui';
import { inboxParams, views, type InboxAddress, type InboxFilter } from './address';
import { mark, move, readAll, useInbox } from './api';
import { NoteDetail } from './NoteDetail';
import { NoteList } from './NoteList';
import { placeOf } from './place';
import { takeWaiting, useWaiting } from './store/lists';
import { notes } from './store/note';
import { groupOf, typeName, types } from './types';
import { useUnread } from './unread';
import css from './InboxPage.module.css';

type ChangeAddress = (change: Partial<InboxAddress>, how?: { replace?: boolean }) => void;

/** What came for whoever is signed in: a list, and the one that is open beside it. */
export default function InboxPage() {
  const [{ show, type, id }, change] = useParamsOf(inboxParams);
  const filter = useMemo(() => ({ show, type }), [show, type]);
  const { ids, ...list } = useInbox(filter);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const unread = useUnread();
  const phone = usePhone();
  const scroller = useRef<HTMLDivElement>(null);
  const known = useMemo(() => new Set(ids), [ids]);
  const selected = useMemo(() => [...chosen].filter((one) => known.has(one)), [chosen, known]);
  const open = useCallback((next: string) => change({ id: next }, { replace: id !== '' && next !== '' }), [change, id]);
  const archive = useCallback(
    (some: readonly string[]) => {
      if (some.length === 0) {
        return;
      }
      const index = ids?.findIndex((one) => one === id) ?? -1;
      if (some.includes(id)) {
        open(phone ? '' : (ids?.slice(index + 1).find((one) => !some.includes(one)) ?? ids?.slice(0, index).findLast((one) => !some.includes(one)) ?? ''));
      }
      setChosen(new Set());
      void move(show === 'archived' ? 'unarchive' : 'archive', some);
    },
    [ids, id, open, phone, show, setChosen],
  );
  const toggle = useCallback((one: string) => setChosen((before) => new Set(before.has(one) ? [...before].filter((other) => other !== one) : [...before, one])), [setChosen]);
  useKeys({ ids: ids ?? [], id, open, selected, setChosen, toggle, archive });
  const alone = phone && id !== '';
  const acts = (
    <>
      {!alone && unread > 0 && (
        <Button look="quiet" {...(phone && { icon: true, label: inboxText.readAll })} act={readAll}>
          <IconChecks size={16} stroke={1.75} aria-hidden="true" />
          {!phone && inboxText.readAll}
        </Button>
      )}
      {phone && !alone && <FilterMenu show={show} type={type} change={change} withViews />}
      {!phone && (
        <Link href="/inbox/preferences" className={buttonClass({ look: 'quiet', icon: true })} aria-label={inboxText.preferences} title={inboxText.preferences}>
          <IconAdjustmentsHorizontal size={16} stroke={1.75} aria-hidden="true" />
        </Link>
      )}
    </>
  );
  const viewSwitch = !phone && (
    <span className={css['views']}>
      <Segments label={inboxText.show} options={views.map((value) => ({ value, name: inboxText.shows[value] }))} value={show} onChange={(value) => change({ show: value, id: '' })} />
      <FilterMenu show={show} type={type} change={change} />
    </span>
  );
  return (
    <Page title={inboxText.title} {...(unread > 0 ? { count: text.places.unread({ n: unread }) } : {})} views={viewSwitch} acts={acts}>
      <div className={css['panes']}>
        {!alone && (
          <div className={css['list']} ref={scroller}>
            {ids === undefined ? (
              list.isError ? (
                <NotLoaded title={inboxText.notLoaded} onAgain={() => void list.refetch()}>
                  {problemWords(list.error)}
                </NotLoaded>
              ) : (
                <Skeleton rows={10} height={57} />
              )
            ) : ids.length === 0 ? (
              <Nothing filter={filter} onAll={() => change({ type: '' })} />
            ) : (
              <NoteList ids={ids} open={id} chosen={chosen} onToggle={toggle} onEnd={() => !list.isFetchingNextPage && list.hasNextPage && void list.fetchNextPage()} scroller={scroller} />
            )}
            <News scroller={scroller} />
          </div>
        )}
        {(!phone || alone) && (
          <div className={css['detail']}>
            {id ? (
              <NoteDetail key={id} id={id} known={ids !== undefined} onArchive={() => archive([id])} {...(phone ? { onBack: () => change({ id: '' }) } : {})} />
            ) : (
              ids !== undefined &&
              ids.length > 0 && (
                <div className={css['choose']}>
                  <IconBell size={28} stroke={1.5} aria-hidden="true" />
                  <p>{inboxText.choose}</p>
                  <p className={css['how']}>{inboxText.chooseHow}</p>
                </div>
              )
            )}
          </div>
        )}
      </div>
      {selected.length > 0 && <SelectionBar selected={selected} archived={show === 'archived'} onArchive={() => archive(selected)} onDone={() => setChosen(new Set())} />}
    </Page>
  );
}

/** What is shown: on phones with the views and the way to the preferences, which stand in the head elsewhere. */
function FilterMenu({ show, type, change, withViews = false }: { show: InboxAddress['show']; type: string; change: ChangeAddress; withViews?: boolean }) {
  const [, go] = useLocation();
  const on = type !== '' || (withViews && show !== 'all');
  return (
    <Menu position={withViews ? 'bottom-end' : 'bottom-start'}>
      <Menu.Target>
        {withViews ? (
          <Button look="quiet" icon on={on} label={inboxText.show}>
            <IconFilter size={16} stroke={1.75} aria-hidden="true" />
          </Button>
        ) : (
          <Pill label={inboxText.type} value={type ? typeName(type) : inboxText.anyType} on={on} />
        )}
      </Menu.Target>
      <Menu.Dropdown className={css['long']}>
        {withViews && (
          <>
            {views.map((view) => (
              <Menu.Radio key={view} checked={view === show} onChoose={() => change({ show: view })}>
                {inboxText.shows[view]}
              </Menu.Radio>
            ))}
            <Menu.Divider />
          </>
        )}
        <Menu.Radio checked={type === ''} onChoose={() => change({ type: '', id: '' })}>
          {inboxText.anyType}
        </Menu.Radio>
        {types.map((one, i) => (
          <Fragment key={one}>
            {groupOf(one) !== groupOf(types[i - 1] ?? '') && <Menu.Label>{inboxText.groups[groupOf(one)]}</Menu.Label>}
            <Menu.Radio checked={one === type} onChoose={() => change({ type: one, id: '' })}>
              {inboxText.types[one]}
            </Menu.Radio>
          </Fragment>
        ))}
        {withViews && (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<IconAdjustmentsHorizontal size={16} stroke={1.75} aria-hidden="true" />} onClick={() => go('/inbox/preferences')}>
              {inboxText.preferences}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function Nothing({ filter: { show, type }, onAll }: { filter: InboxFilter; onAll: () => void }) {
  if (type) {
    return <Empty icon={IconBell} title={inboxText.noType} acts={<Button onClick={onAll}>{inboxText.anyTypeAgain}</Button>} />;
  }
  if (show === 'archived') {
    return (
      <Empty icon={IconArchive} title={inboxText.archiveEmpty}>
        {inboxText.archiveWhy}
      </Empty>
    );
  }
  return (
    <Empty icon={IconBell} title={show === 'unread' ? inboxText.allReadEmpty : inboxText.emptyTitle}>
      {inboxText.allReadWhy}
    </Empty>
  );
}

/** What is new and waits, since somebody is in the list. It comes by itself once nobody is. */
function News({ scroller }: { scroller: RefObject<HTMLDivElement | null> }) {
  const { ids } = useWaiting();
  const some = ids.length > 0;
  useEffect(() => {
    if (!some) {
      return undefined;
    }
    const whenFree = (): void => {
      const list = scroller.current;
      if (list?.scrollTop === 0 && !list.contains(document.activeElement) && !list.matches(':hover')) {
        takeWaiting();
      }
    };
    whenFree();
    const timer = setInterval(whenFree, 1000);
    return () => clearInterval(timer);
  }, [some, ids, scroller]);
  if (!some) {
    return null;
  }
  return (
    <button type="button" className={css['news']} onClick={takeWaiting} title={inboxText.waitingHint}>
      <IconArrowUp size={14} stroke={1.75} aria-hidden="true" />
      {inboxText.waiting({ n: ids.length })}
      <Kbd>.</Kbd>
    </button>
  );
}

/** What to do with those that are selected. */
function SelectionBar({ selected, archived, onArchive, onDone }: { selected: readonly string[]; archived: boolean; onArchive: () => void; onDone: () => void }) {
  const someUnread = selected.some((id) => notes.get(id)?.read_at === undefined);
  const act = (change: 'read' | 'unread'): void => {
    void mark(change, selected);
    onDone();
  };
  return (
    <div className={css['bar']} role="toolbar" aria-label={inboxText.selected({ n: selected.length })}>
      <span className={css['number']}>{inboxText.selected({ n: selected.length })}</span>
      <button type="button" aria-label={inboxText.clearSelection} title={inboxText.clearSelection} onClick={onDone}>
        <IconX size={14} stroke={1.75} aria-hidden="true" />
      </button>
      <i className={css['rule']} />
      <button type="button" onClick={() => act(someUnread ? 'read' : 'unread')}>
        {someUnread ? <IconMailOpened size={16} stroke={1.75} aria-hidden="true" /> : <IconMail size={16} stroke={1.75} aria-hidden="true" />}
        {someUnread ? inboxText.markRead : inboxText.markUnread}
      </button>
      <button type="button" onClick={onArchive}>
        {archived ? <IconInbox size={16} stroke={1.75} aria-hidden="true" /> : <IconArchive size={16} stroke={1.75} aria-hidden="true" />}
        {archived ? inboxText.unarchive : inboxText.archive}
      </button>
    </div>
  );
}

interface KeyActs {
  ids: readonly string[];
  id: string;
  open: (id: string) => void;
  selected: readonly string[];
  setChosen: (chosen: ReadonlySet<string>) => void;
  toggle: (id: string) => void;
  archive: (ids: readonly string[]) => void;
}

/** J K through the list, E archives, U and ⇧I mark, ⇧U reads all, X selects, ⇧J ⇧K a range, Enter opens what a note is about, "." takes what waits. */
function useKeys({ ids, id, open, selected, setChosen, toggle, archive }: KeyActs): void {
  const [, go] = useLocation();
  useEffect(() => {
    const keys = (event: KeyboardEvent): void => {
      if (isTyping(event) || event.altKey) {
        return;
      }
      const mod = event.ctrlKey || event.metaKey;
      const index = ids.indexOf(id);
      const some = selected.length > 0 ? selected : id ? [id] : [];
      const to = (next: number, range = false): void => {
        const target = ids[Math.max(0, Math.min(ids.length - 1, next))];
        if (target) {
          if (range) {
            setChosen(new Set([...selected, ...(id ? [id] : []), target]));
          }
          open(target);
          requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-note="${target}"]`)?.focus());
        }
      };
      const acts: Partial<Record<string, () => void>> = mod
        ? { a: () => setChosen(new Set(ids)) }
        : {
            j: () => to(index + 1),
            ArrowDown: () => to(index + 1),
            k: () => to(index - 1),
            ArrowUp: () => to(index - 1),
            J: () => to(index + 1, true),
            K: () => to(index - 1, true),
            e: () => archive(some),
            u: () => void mark('unread', some),
            I: () => void mark('read', some),
            U: () => void readAll(),
            x: () => id && toggle(id),
            '.': takeWaiting,
            Escape: () => (selected.length > 0 ? setChosen(new Set()) : open('')),
          };
      const place = placeOf(notes.get(id));
      const opens = event.key === 'Enter' && !mod && place !== undefined && event.target instanceof HTMLElement && (event.target === document.body || event.target.dataset['note'] === id || event.target.matches('h1, #page'));
      const act = opens ? () => go(place) : acts[event.key];
      if (act) {
        event.preventDefault();
        act();
      }
    };
    window.addEventListener('keydown', keys);
    return () => window.removeEventListener('keydown', keys);
  }, [ids, id, open, selected, setChosen, toggle, archive, go]);
}
