import { IconAlignLeft, IconCalendar, IconPencil, IconRestore, IconTicketOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';

import { Link, useLocation, useParams, useParamsOf } from '../address';
import { problemWords, statusOf } from '../client';
import { neighboursOf, noteRecent, type Episode } from '../episodes/shared';
import { useNow } from '../live';
import { useMayEdit, useZone } from '../session';
import { ago, text } from '../text';
import { episodeText } from '../text/episode';
import { type Act, Button, buttonClass, Empty, NotLoaded, Page, Skeleton, useActs, usePhone } from '../ui';
import { episodeParams, parts, type Part } from './address';
import { lastEntryQuery, restore, useEpisode } from './api';
import { recallDrafts, useTypedWords } from './drafts';
import { DropFiles } from './files/DropFiles';
import { FileLarge } from './files/FileLarge';
import { FilesPanel } from './files/FilesPanel';
import { useFiles } from './files/api';
import { Crumbs, HeadActs } from './Head';
import { JobsPanel } from './work/JobsPanel';
import { useJobs } from './work/api';
import { CallSheet } from './sheet/CallSheet';
import { Description } from './sheet/Description';
import { openCell } from './sheet/edit';
import { Hero } from './sheet/Hero';
import { Timeline } from './timeline/Timeline';
import { useLooking } from './viewers';
import css from './EpisodePage.module.css';

/** An episode: its sheet, with what happened to it beside that. */
export default function EpisodePage() {
  const { id = '', '*': rest = '' } = useParams<{ id: string; '*'?: string }>();
  const file = /^files\/([^/]+)$/.exec(rest)?.[1];
  return <OneEpisode key={id} id={id} file={file} />;
}

function OneEpisode({ id, file }: { id: string; file: string | undefined }) {
  const { episode, error, again } = useEpisode(id);
  const none = [404, 422].includes(statusOf(error)); // 422: what stands in the address is no id at all
  if (none && (!episode || episode.deleted_at !== undefined)) {
    return <Gone id={id} />;
  }
  if (!episode && error) {
    return (
      <Page title={episodeText.noTitleBar}>
        <NotLoaded title={episodeText.notLoaded} onAgain={again}>
          {problemWords(error)}
        </NotLoaded>
      </Page>
    );
  }
  if (!episode) {
    return (
      <Page title={episodeText.noTitleBar}>
        <Skeleton rows={8} height={52} />
      </Page>
    );
  }
  return episode.deleted_at === undefined ? <Sheet episode={episode} file={file} /> : <Gone id={id} />;
}

/** An episode that is deleted, or that never was: the log knows which. */
function Gone({ id }: { id: string }) {
  const { data: last, isPending } = useQuery(lastEntryQuery(id, 0)); // none when the log refuses, or is switched off
  const mayEdit = useMayEdit();
  const typed = useTypedWords(id);
  useEffect(() => recallDrafts(id), [id]);
  const now = useNow();
  const zone = useZone();
  const at = last ? Date.parse(last.created_at) : 0;
  const deleted = last?.action === 'deleted_episode';
  const since = ago(at, now, zone);
  const when = since === undefined ? episodeText.justNow : /[A-Z]/.test(since) ? since : episodeText.agoLong({ when: since });
  return (
    <Page title={last?.resource_name ?? episodeText.noTitleBar}>
      {isPending ? null : last && deleted ? (
        <Empty
          icon={IconTicketOff}
          title={episodeText.goneTitle}
          acts={
            mayEdit && (
              <Button look="ink" act={() => restore(id, last.resource_name)}>
                <IconRestore size={14} stroke={1.75} aria-hidden="true" />
                {episodeText.restore}
              </Button>
            )
          }
        >
          {mayEdit ? episodeText.goneBy({ name: last.user_name, when }) : episodeText.goneByOnly({ name: last.user_name, when })}
          {typed.length > 0 && (
            <span className={css['typed']}>
              {episodeText.typedKept}
              {typed.map((words) => (
                <q key={words} dir="auto">
                  {words}
                </q>
              ))}
            </span>
          )}
        </Empty>
      ) : (
        <Empty
          icon={IconTicketOff}
          title={episodeText.noneTitle}
          acts={
            <Link href="/episodes" className={buttonClass({})}>
              {text.places.allEpisodes}
            </Link>
          }
        >
          {episodeText.noneWhy}
        </Empty>
      )}
    </Page>
  );
}

function Sheet({ episode, file }: { episode: Episode; file: string | undefined }) {
  const { id } = episode;
  const [{ part, only }, change] = useParamsOf(episodeParams);
  const phone = usePhone();
  const mayEdit = useMayEdit();
  useLooking(id);
  useEffect(() => recallDrafts(id), [id]);
  useEffect(() => noteRecent(episode), [episode]);
  useKeys(id, mayEdit);
  useEditActs(id, mayEdit);
  const shown = (one: Part) => !phone || part === one;
  const timeline = <Timeline episode={episode} only={mayEdit || only !== 'jobs' ? only : 'all'} onOnly={(one) => change({ only: one }, { replace: true })} jobs={mayEdit} />;
  return (
    <Page title={episode.title} crumbs={<Crumbs episode={episode} />} acts={<HeadActs episode={episode} />}>
      <DropFiles episode={episode}>
        <div className={css['page']} data-prints>
          <div className={css['main']}>
            <div className={css['width']}>
              <Hero episode={episode} />
              {phone && <Tabs id={id} part={part} onPart={(one) => change({ part: one }, { replace: true })} jobs={mayEdit} />}
              {shown('details') && <CallSheet episode={episode} />}
              {shown('details') && <Description episode={episode} />}
              {phone && part === 'timeline' && <section aria-label={episodeText.timeline.title}>{timeline}</section>}
              {shown('files') && <FilesPanel episode={episode} />}
              {shown('jobs') && mayEdit && <JobsPanel episode={episode} bare={!phone} />}
            </div>
          </div>
          {!phone && (
            <aside className={css['side']} aria-label={episodeText.timeline.title}>
              {timeline}
            </aside>
          )}
        </div>
      </DropFiles>
      {file !== undefined && <FileLarge episode={episode} file={file} />}
    </Page>
  );
}

const noActs: readonly Act[] = [];

/** What can be done here by the palette. */
function useEditActs(id: string, mayEdit: boolean): void {
  useActs(
    useMemo(
      () =>
        mayEdit
          ? [
              { name: text.palette.rename, icon: IconPencil, keys: ['F2'], run: () => openCell('title', id, ['title']) },
              { name: text.palette.setAirDate, icon: IconCalendar, keys: ['D'], run: () => openCell('air_date', id, ['air_date']) },
              { name: text.palette.editDescription, icon: IconAlignLeft, keys: ['E'], run: () => openCell('description', id, ['description']) },
            ]
          : noActs,
      [id, mayEdit],
    ),
  );
}

/** The parts of the page on phones. */
function Tabs({ id, part, onPart, jobs }: { id: string; part: Part; onPart: (part: Part) => void; jobs: boolean }) {
  const counts: Partial<Record<Part, number | undefined>> = { files: useFiles(id).data?.length, jobs: useJobs(id).data?.length };
  return (
    <div className={css['tabs']} role="group" aria-label={episodeText.partsName}>
      {parts
        .filter((one) => jobs || one !== 'jobs')
        .map((one) => (
          <button key={one} type="button" className={one === part ? `${css['tab']} ${css['on']}` : css['tab']} aria-pressed={one === part} onClick={() => onPart(one)}>
            {episodeText.parts[one]}
            {counts[one] !== undefined && counts[one] > 0 && <span className={css['count']}>{counts[one]}</span>}
          </button>
        ))}
    </div>
  );
}

/** J and K through the list one came from, F2 the title, S the status, D the air date, E the description. */
function useKeys(id: string, mayEdit: boolean): void {
  const [, go] = useLocation();
  useEffect(() => {
    const keys = (event: KeyboardEvent): void => {
      const busy = event.target instanceof HTMLElement && (event.target.matches('input, textarea, select') || event.target.closest('dialog, [role=menu]') !== null);
      if (busy || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) {
        return;
      }
      const beside = neighboursOf(id);
      const open = (other: string | undefined): void => {
        if (other !== undefined) {
          go(`/episodes/${other}`);
        }
      };
      const acts: Record<string, () => void> = {
        j: () => open(beside?.next),
        k: () => open(beside?.previous),
        ...(mayEdit && {
          F2: () => openCell('title', id, ['title']),
          e: () => openCell('description', id, ['description']),
          d: () => openCell('air_date', id, ['air_date']),
          s: () => document.querySelector<HTMLElement>('[data-cell="status"]')?.click(),
        }),
      };
      const act = acts[event.key];
      if (act) {
        event.preventDefault();
        act();
      }
    };
    window.addEventListener('keydown', keys);
    return () => window.removeEventListener('keydown', keys);
  }, [id, mayEdit, go]);
}
