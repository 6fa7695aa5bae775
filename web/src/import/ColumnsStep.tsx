import { IconAlertTriangle, IconArrowLeft, IconFileSpreadsheet } from '@tabler/icons-react';
import type { ImportMapping, ImportPlan } from 'callboard';
import { useState } from 'react';

import { problemWords } from '../client';
import { useFile } from '../jobs/shared';
import { useShows } from '../shows/shared';
import { episodeText } from '../text/episode';
import { importsText } from '../text/imports';
import { Button, Skeleton, StatusWord, toast } from '../ui';
import { modes, orders, requestOf } from './address';
import { begin, keepMapping, usePlan, useSavedMapping, type Column, type Layout } from './api';
import { Counts, Remarks } from './Counts';
import { encodings } from './encodings';
import type { StepProps } from './ImportPage';
import { Into } from './Into';
import { Ask } from './Question';
import { hasNoSeason, openIn, questionOf } from './questions';
import css from './import.module.css';

/** Fields that are always listed; the others are when a column fills them. */
const usual = ['title', 'season_number', 'episode_number', 'air_date', 'description', 'status', 'categories', 'thumbnail_url', 'show'];

/** The second step: how the file is read, what its columns are, and what the server has to ask. */
export function ColumnsStep({ address, change }: StepProps) {
  const request = requestOf(address);
  const plan = usePlan(request);
  const shows = useShows();
  const [busy, setBusy] = useState(false);
  const asked = plan.error ? questionOf(plan.error) : undefined;
  const data = plan.error ? undefined : plan.data;
  const goesBySaved = address.map === null && data?.layout.notes.some((note) => note.includes('mapping that is saved')) === true;
  const saved = useSavedMapping(goesBySaved ? address.show : '');
  const bySaved = goesBySaved && saved ? saved : undefined;
  const base: ImportMapping = address.map ?? bySaved ?? {};
  const show = shows.find(({ id }) => id === address.show)?.title ?? address.title;
  const words = importsText;
  const check = async (): Promise<void> => {
    setBusy(true);
    const id = await begin(request, true);
    setBusy(false);
    if (id !== undefined) {
      change({ check: id });
    }
  };
  const ready = data && !plan.isPlaceholderData && !busy;
  return (
    <>
      <div className={css['body']}>
        <div className={css['page']}>
          <FilePanel address={address} change={change} plan={data} />
          {asked && <Ask key={asked.words} question={asked} request={request} base={base} show={show} change={change} />}
          {plan.error && !asked && (
            <section className={css['panel']} role="alert">
              <div className={css['refused']}>
                <IconAlertTriangle size={20} stroke={1.75} aria-hidden="true" />
                <div>
                  <h2 className={css['panelTitle']}>{words.notRead}</h2>
                  <p>{problemWords(plan.error)}</p>
                </div>
                <Button onClick={() => change({ file: '', sheet: '', encoding: '' })}>{words.another}</Button>
              </div>
            </section>
          )}
          {plan.isPending && <Skeleton rows={8} height={42} />}
          {data && (
            <>
              {openIn(data).map((question) => (
                <Ask key={question.kind} question={question} request={request} base={base} show={show} change={change} />
              ))}
              <Columns layout={data.layout} base={base} change={change} />
              {address.show && (address.map ?? bySaved) && (
                <div className={css['keep']}>
                  {address.map ? (
                    <Button size="small" look="quiet" act={() => keepMapping(address.show, address.map).then((done) => done && toast({ words: words.columns.kept({ show }) }))}>
                      {words.columns.keep({ show })}
                    </Button>
                  ) : (
                    <Button size="small" look="quiet" act={() => keepMapping(address.show, null).then((done) => done && toast({ words: words.columns.forgotten }))}>
                      {words.columns.forget}
                    </Button>
                  )}
                </div>
              )}
              <How layout={data.layout} address={address} change={change} />
              {hasNoSeason(data.layout) && data.created > 0 && <NoSeason />}
              <Counts counts={data} shows={data.shows} showCount={data.show_count} title={words.counts.title} />
              <Remarks problems={data.problems} />
            </>
          )}
        </div>
      </div>
      <footer className={css['foot']} data-foot>
        <Button look="quiet" onClick={() => change({ file: '', sheet: '', encoding: '' })}>
          {words.back}
        </Button>
        <span className={css['footWords']}>{words.check.writesNothing}</span>
        <Button look="ink" aria-disabled={!ready} title={asked ? words.check.wait : undefined} onClick={() => ready && void check()}>
          {words.check.act({ n: data?.rows })}
        </Button>
      </footer>
    </>
  );
}

/** New episodes would stand below "No season", which nobody expects. */
export function NoSeason() {
  return (
    <p className={`${css['small']} ${css['warned']}`}>
      <IconAlertTriangle size={16} stroke={1.75} aria-hidden="true" />
      {importsText.columns.noSeason}
    </p>
  );
}

function FilePanel({ address, change, plan }: StepProps & { plan: ImportPlan | undefined }) {
  const file = useFile(address.file);
  const words = importsText;
  return (
    <section className={`${css['panel']} ${css['file']}`}>
      <span className={css['fileIcon']}>
        <IconFileSpreadsheet size={20} stroke={1.75} aria-hidden="true" />
      </span>
      <span className={css['fileName']}>
        <b className="cut">{file?.name ?? (file === null ? words.file.gone : '')}</b>
        {file && plan && <span className={css['faint']}>{words.about({ size: episodeText.files.size(file.size), rows: plan.rows, columns: plan.layout.columns.length })}</span>}
      </span>
      <Into address={address} change={change} />
    </section>
  );
}

/** Each field with the column that fills it, and what its first values are; then the columns that are not used. */
function Columns({ layout, base, change }: { layout: Layout; base: ImportMapping; change: StepProps['change'] }) {
  const { columns } = layout;
  const words = importsText;
  const filled = new Set(columns.map(({ field }) => field));
  const fields = Object.keys(words.fields).filter((field) => usual.includes(field) || filled.has(field));
  fields.sort((a, b) => (usual.indexOf(a) + 100) % 100 - ((usual.indexOf(b) + 100) % 100));
  const unused = columns.filter(({ field }) => field === undefined);
  return (
    <section className={css['panel']} aria-label={words.columns.title}>
      <div className={css['map']}>
        <span className={css['label']}>{words.columns.heads.field}</span>
        <span />
        <span className={css['label']}>{words.columns.heads.column}</span>
        <span className={`${css['label']} ${css['samples']}`}>{words.columns.heads.samples}</span>
        {fields.map((field) => (
          <Field key={field} field={field} columns={columns} onChoose={(position) => change({ map: { ...base, [field]: position === '' ? [] : [`#${position}`] } })} />
        ))}
      </div>
      {unused.length > 0 && (
        <ul className={css['unused']} aria-label={words.columns.unused}>
          {unused.map((column) => (
            <li key={column.position}>
              <b>{words.columns.unused}</b> {words.columns.name(column)}: {column.why}
              {column.samples.length > 0 && <Samples samples={column.samples} />}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Field({ field, columns, onChoose }: { field: string; columns: readonly Column[]; onChoose: (position: string) => void }) {
  const words = importsText.columns;
  const name = importsText.fields[field] ?? field;
  const [column, ...others] = columns.filter((one) => one.field === field);
  const also = column ? undefined : columns.find(({ why }) => why.includes(field === 'season_number' ? 'for the season' : field === 'episode_number' ? 'for the number' : '\0'));
  return (
    <>
      <span className={css['field']}>
        {name}
        {field === 'title' && <span className={css['faint']}>{words.needed}</span>}
      </span>
      <span className={css['arrow']}>
        <IconArrowLeft size={14} stroke={1.75} aria-hidden="true" />
      </span>
      <span>
        <select className={column ? css['select'] : `${css['select']} ${css['mute']}`} aria-label={words.of({ field: name })} value={column?.position ?? ''} onChange={({ target: { value } }) => onChoose(value)}>
          <option value="">{also ? words.name(also) : words.none}</option>
          {columns.map(({ position, name: called, samples }) => (
            <option key={position} value={position}>
              {words.option({ position, name: called, sample: samples[0] ?? '' })}
            </option>
          ))}
        </select>
      </span>
      <span className={css['samples']}>
        {column ? <Samples samples={column.samples} /> : also ? <Samples samples={also.samples} /> : <Without field={field} />}
        {others.length > 0 && <span className={css['faint']}>{words.others({ names: others.map((one) => words.name(one)) })}</span>}
        {(column ?? also) && <span className={`${css['faint']} ${css['why']}`}>{(column ?? also)?.why}</span>}
      </span>
    </>
  );
}

/** What an episode gets where no column says it. */
function Without({ field }: { field: string }) {
  const words = importsText.columns;
  if (field === 'status') {
    return (
      <span className={css['faint']}>
        <StatusWord status="draft">{words.draft}</StatusWord>
      </span>
    );
  }
  return field === 'episode_number' ? <span className={css['faint']}>{words.next}</span> : null;
}

function Samples({ samples }: { samples: readonly string[] }) {
  return (
    <>
      {samples.map((sample, i) => (
        <span key={i} className={`${css['tag']} cut`}>
          {sample}
        </span>
      ))}
    </>
  );
}

/** What the file is, with what can be said about it. */
function How({ layout, address, change }: StepProps & { layout: Layout }) {
  const words = importsText.columns;
  const { format, delimiter, header, encoding, sheet, other_sheets: others = [], date_order: order, notes } = layout;
  const known = encoding === undefined || encodings.includes(encoding) ? encodings : [encoding, ...encodings];
  return (
    <section className={css['panel']} aria-label={words.how}>
      <header className={css['panelHead']}>
        <h2 className={css['panelTitle']}>{words.how}</h2>
        <span className={css['faint']}>{words.formatLine({ format: words.formats[format], delimiter: words.delimiters[delimiter ?? ''], header })}</span>
      </header>
      <div className={css['how']}>
        {sheet !== undefined && (
          <Select
            label={words.sheet}
            value={sheet}
            options={[{ name: sheet, rows: undefined, hidden: false }, ...others].map((one) => ({ value: one.name, name: words.sheetOption(one) }))}
            onChange={(value) => change({ sheet: value, map: null })}
          />
        )}
        {encoding !== undefined && <Select label={words.encoding} value={encoding} options={known.map((value) => ({ value, name: value }))} onChange={(value) => change({ encoding: value })} />}
        <Select
          label={words.dates}
          value={order ?? ''}
          options={[{ value: '', name: words.datesOpen }, ...orders.map((value) => ({ value, name: words.orders[value] }))]}
          onChange={(value) => change({ dates: orders.find((one) => one === value) ?? '' })}
        />
        <Select label={words.mode} value={address.mode} options={modes.map((value) => ({ value, name: words.modes[value] }))} onChange={(value) => change({ mode: modes.find((one) => one === value) ?? 'upsert' })} />
      </div>
      {notes.length > 0 && (
        <ul className={css['notes']}>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Select({ label, value, options, onChange }: { label: string; value: string; options: readonly { value: string; name: string }[]; onChange: (value: string) => void }) {
  return (
    <label className={css['labelled']}>
      <span className={css['label']}>{label}</span>
      <select className={css['select']} value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.name}
          </option>
        ))}
      </select>
    </label>
  );
}
