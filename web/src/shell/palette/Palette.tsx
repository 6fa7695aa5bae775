import { IconHistory, IconPinned, IconSearch, IconUser, type Icon } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useId, useMemo, useState, type ReactNode } from 'react';

import { useLocation } from '../../address';
import { base } from '../../client';
import { findQuery, recentEpisodes, type Episode } from '../../episodes/shared';
import { useLamp } from '../../live';
import { usePeople } from '../../people/shared';
import { savedAddress, useSavedViews } from '../../savedviews/shared';
import { useMayEdit } from '../../session';
import { ShowSquare, useShows } from '../../shows/shared';
import { text } from '../../text';
import { actsHere, Avatar, commandKey, Kbd, StatusWord, useBeside, useModal } from '../../ui';
import { goKeys } from '../keys';
import { entriesOf } from '../places';
import { matches, split } from './match';
import css from './Palette.module.css';

const mostPeople = 6;
const pause = 120; // ms after the last key until the search goes out

/** A line to choose: it leads somewhere, or does something. */
interface Choice {
  key: string;
  to?: string;
  run?: () => void;
  line: ReactNode;
}

interface Group {
  name: string;
  choices: Choice[];
}

/** Search or jump to: episodes, what can be done here, and places. It shows nothing that would be refused. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const dialog = useModal();
  const beside = useBeside(onClose);
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const [, go] = useLocation();
  const id = useId();
  const groups = useGroups(typed);
  const choices = groups.flatMap((group) => group.choices);
  const chosen = choices[Math.min(at, choices.length - 1)];
  useEffect(() => {
    document.getElementById(`${id}-${chosen?.key}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, chosen?.key]);
  const take = ({ to, run }: Choice, elsewhere: boolean): void => {
    if (to !== undefined && elsewhere) {
      window.open(base + to, '_blank', 'noopener');
      return;
    }
    onClose();
    if (to !== undefined) {
      go(to);
    } else {
      run?.();
    }
  };
  const keys = (event: React.KeyboardEvent): void => {
    event.stopPropagation();
    if (event.nativeEvent.isComposing) {
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && choices.length > 0) {
      event.preventDefault();
      setAt((choices.indexOf(chosen as Choice) + step + choices.length) % choices.length);
    } else if (event.key === 'Enter' && chosen) {
      event.preventDefault();
      take(chosen, event.ctrlKey || event.metaKey);
    } else if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onClose();
    }
  };
  return (
    // Escape closes it, as browsers see to; the press beside it is one more way out, and none that keys need.
    <dialog
      ref={dialog}
      className={css['palette']}
      aria-label={text.palette.title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      {...beside}
    >
      <div className={css['field']}>
        <IconSearch size={20} stroke={1.75} aria-hidden="true" />
        <input
          className={css['input']}
          role="combobox"
          aria-label={text.palette.title}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={chosen ? `${id}-${chosen.key}` : undefined}
          placeholder={text.palette.title}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onKeyDown={keys}
        />
        <Kbd>esc</Kbd>
      </div>
      <div className={css['list']} role="listbox" id={`${id}-list`} aria-label={text.palette.results}>
        {groups.map(({ name, choices: lines }) => (
          <div key={name} role="group" aria-label={name}>
            <div className={css['head']} aria-hidden="true">
              {name}
            </div>
            {lines.map((choice) => (
              // The keys are those of the field, which keeps the focus.
              // eslint-disable-next-line jsx-a11y/click-events-have-key-events
              <div
                key={choice.key}
                id={`${id}-${choice.key}`}
                className={choice === chosen ? `${css['option']} ${css['on']}` : css['option']}
                role="option"
                aria-selected={choice === chosen}
                onPointerMove={() => setAt(choices.indexOf(choice))}
                onClick={(event) => take(choice, event.ctrlKey || event.metaKey)}
              >
                {choice.line}
              </div>
            ))}
          </div>
        ))}
      </div>
      {choices.length === 0 && <p className={css['none']}>{text.palette.nothing}</p>}
      <div className={css['foot']} aria-hidden="true">
        <Kbd>↑</Kbd>
        <Kbd>↓</Kbd>
        <span>{text.palette.move}</span>
        <Kbd>↵</Kbd>
        <span>{text.palette.open}</span>
        <Kbd>{`${commandKey} ↵`}</Kbd>
        <span>{text.palette.newTab}</span>
        <span className={css['only']}>{text.palette.actsOnly}</span>
      </div>
    </dialog>
  );
}

/** What there is to choose for what was typed; after ">" only what can be done here. */
function useGroups(typed: string): Group[] {
  const shows = useShows();
  const views = useSavedViews();
  const people = usePeople();
  const mayEdit = useMayEdit();
  const onlyActs = typed.startsWith('>');
  const words = (onlyActs ? typed.slice(1) : typed).trim();
  const found = useFound(onlyActs ? '' : words);
  const offline = useLamp(({ signal }) => signal === 'offline');
  return useMemo(() => {
    const showOf = (one: Episode) => shows.find(({ id }) => id === one.show_id)?.title;
    const episodeChoice = (one: Episode): Choice => ({
      key: one.id,
      to: `/episodes/${one.id}`,
      line: (
        <>
          <span className={css['picture']}>{one.thumbnail_url && <img src={one.thumbnail_url} alt="" onError={(event) => event.currentTarget.remove()} />}</span>
          <Words of={one.title} words={words} />
          <span className={`cut ${css['beside']}`}>{text.palette.place({ show: showOf(one), number: text.episodes.number({ season: one.season_number, episode: one.episode_number }) })}</span>
          <span className={css['status']}>
            <StatusWord status={one.status} />
          </span>
        </>
      ),
    });
    const acts = actsHere().map((act, i) => ({ ...act, key: `here-${i}` }));
    const here = acts.flatMap(({ key, name, icon, keys = [], run }): Choice[] =>
      typeof name === 'string' && matches(name, words) ? [{ key, run: () => run(words), line: <Line icon={icon} keys={keys} of={name} words={words} /> }] : [],
    );
    const withWords = acts.flatMap(({ key, name, icon, keys = [], run }): Choice[] =>
      typeof name === 'function' && words !== '' ? [{ key, run: () => run(words), line: <Line icon={icon} keys={keys} of={name(words)} words="" /> }] : [],
    );
    const places = [...entriesOf(mayEdit), { to: '/me', name: text.me.profile, icon: IconUser }]
      .filter(({ name }) => matches(name, words))
      .map(({ to, name, icon }): Choice => ({ key: `place-${name}`, to, line: <Line icon={icon} keys={goKeys(to)} of={name} words={words} /> }));
    const viewChoices = views
      .filter(({ name }) => matches(name, words))
      .map((view): Choice => ({
        key: `view-${view.id}`,
        to: savedAddress(view),
        line: <Line icon={IconPinned} of={view.name} words={words} beside={view.team ? text.savedViews.team : text.savedViews.own} />,
      }));
    const personChoices = people
      .filter(({ name }) => words !== '' && matches(name, words))
      .slice(0, mostPeople)
      .map(({ id, name }): Choice => ({
        key: `person-${id}`,
        to: `/activity?who=${encodeURIComponent(id)}`,
        line: (
          <>
            <span aria-hidden="true">
              <Avatar person={{ id, name }} size="small" />
            </span>
            <Words of={name} words={words} />
            <span className={css['beside']}>{text.places.activity}</span>
          </>
        ),
      }));
    const log: Choice[] = words === '' ? [] : [{ key: 'log', to: `/activity?q=${encodeURIComponent(words)}`, line: <Line icon={IconHistory} of={text.palette.activityWith({ words })} words="" /> }];
    const showChoices = shows
      .filter(({ title }) => words !== '' && matches(title, words))
      .map(({ id, title }): Choice => ({
        key: `show-${id}`,
        to: `/episodes?show=${id}`,
        line: (
          <>
            <ShowSquare id={id} />
            <Words of={title} words={words} />
          </>
        ),
      }));
    const groups: Group[] = onlyActs
      ? [{ name: text.palette.here, choices: [...here, ...withWords] }]
      : [
          { name: words === '' ? text.palette.recent : text.palette.episodes, choices: (words === '' ? recentEpisodes() : (found ?? recentEpisodes().filter(({ title }) => matches(title, words)))).map(episodeChoice) },
          { name: text.palette.here, choices: here },
          { name: text.palette.elsewhere, choices: [...places, ...viewChoices, ...showChoices] },
          { name: text.palette.people, choices: personChoices },
          { name: text.palette.withWords, choices: [...withWords, ...log] },
        ];
    return groups.filter(({ choices }) => choices.length > 0);
    // What is here can change with the connection, too.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [shows, views, people, mayEdit, onlyActs, words, found, offline]);
}

/** The episodes that the server finds for these words, a moment after the last key; undefined until then. */
function useFound(words: string): readonly Episode[] | undefined {
  const [asked, setAsked] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setAsked(words), pause);
    return () => clearTimeout(timer);
  }, [words]);
  const { data } = useQuery({ ...findQuery(asked), enabled: asked !== '', placeholderData: keepPreviousData });
  return words === '' ? undefined : data;
}

function Line({ icon: Icon, keys = [], of, words, beside }: { icon: Icon; keys?: readonly string[]; of: string; words: string; beside?: string }) {
  return (
    <>
      <Icon size={16} stroke={1.75} aria-hidden="true" />
      <Words of={of} words={words} />
      {beside && <span className={css['beside']}>{beside}</span>}
      <span className={css['keys']}>
        {keys.map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
      </span>
    </>
  );
}

/** A name with what was typed pointed out. */
function Words({ of, words }: { of: string; words: string }) {
  return (
    <span className={`cut ${css['words']}`} dir="auto">
      {split(of, words).map(({ is, part }, i) => (is ? <mark key={i}>{part}</mark> : part))}
    </span>
  );
}
