import { IconBell, IconCheck, IconClock, IconHelp, IconStack2, IconX, type Icon } from '@tabler/icons-react';
import { CallboardError } from 'callboard';
import { useId } from 'react';

import { problemWords } from '../client';
import { useNow } from '../live';
import { usePeople } from '../people/shared';
import { useMe, useZone } from '../session';
import { ago, clock, longDay, text, today } from '../text';
import { whyText, type Whom } from '../text/why';
import { Empty, NotLoaded, Skeleton } from '../ui';
import type { Why, WhyStep } from './api';
import css from './Answer.module.css';

interface Asked {
  data: Why | undefined;
  error: unknown;
  isError: boolean;
  refetch: () => unknown;
}

/** The answer: what came of it, and each step that decided. */
export function Answer({ asked: { data, error, isError, refetch } }: { asked: Asked }) {
  const me = useMe();
  const way = useId();
  const when = useWhen();
  if (isError) {
    return <Failed error={error} onAgain={() => void refetch()} />;
  }
  if (!data) {
    return <Skeleton rows={8} height={57} />;
  }
  const whom: Whom = { you: data.user_id === me.id, name: data.user_name };
  const what = data.resource_name || data.event.replaceAll('_', ' ').replace(/^./, (one) => one.toUpperCase());
  return (
    <>
      <header className={css['head']} data-outcome={data.outcome}>
        <Sign outcome={data.outcome} />
        <div>
          <h2>{whyText.outcome[data.outcome](whom)}</h2>
          <p>{sentenceOf(deciding(data), whom)}</p>
          <p className={css['what']}>{whyText.by({ what, name: data.actor_name, when: when(data.created_at) })}</p>
        </div>
      </header>
      <section aria-labelledby={way}>
        <h3 className={css['label']} id={way}>
          {whyText.way}
        </h3>
        <ol className={css['steps']}>
          {data.steps.map((step) => (
            <Step key={step.step} step={step} whom={whom} />
          ))}
        </ol>
      </section>
    </>
  );
}

/** The step that decided: why it went to somebody, or what kept it away. */
function deciding({ outcome, steps }: Why): WhyStep | undefined {
  const named = (name: WhyStep['step']): WhyStep | undefined => steps.find(({ step }) => step === name);
  if (outcome === 'passed') {
    return named('watch') ?? named('audience') ?? named('inbox');
  }
  return named('inbox') ?? steps.at(-1);
}

function sentenceOf(step: WhyStep | undefined, whom: Whom): string {
  return step ? whyText.step({ step: step.step, reason: step.reason, words: step.text }, whom) : '';
}

const icons: Record<Why['outcome'], Icon> = { passed: IconCheck, joined: IconStack2, stopped: IconX, waiting: IconClock, unknown: IconHelp };

function Sign({ outcome }: { outcome: Why['outcome'] }) {
  const Icon = icons[outcome];
  return (
    <span className={`${css['sign']} ${css[outcome]}`}>
      <Icon size={14} stroke={2} aria-hidden="true" />
    </span>
  );
}

function Step({ step, whom }: { step: WhyStep; whom: Whom }) {
  const facts = useFacts(step, whom);
  return (
    <li className={css['step']} data-step={step.step}>
      <Sign outcome={step.outcome} />
      <b>
        {whyText.names[step.step]}
        <span className="vh">: {whyText.state[step.outcome]}.</span>
      </b>
      <div className={css['words']}>
        <p>{sentenceOf(step, whom)}</p>
        {facts.map((fact) => (
          <p key={fact} className={css['fact']}>
            {fact}
          </p>
        ))}
        {step.facts?.error && <code className={css['error']}>{step.facts.error}</code>}
        {step.basis === 'now' && (step.outcome === 'passed' || step.outcome === 'stopped') && <p className={css['now']}>{whyText.asNow}</p>}
      </div>
    </li>
  );
}

/** What a step was decided by, in sentences. */
function useFacts({ step, facts }: WhyStep, whom: Whom): string[] {
  const when = useWhen();
  const people = usePeople();
  if (!facts) {
    return [];
  }
  const names = (step === 'event' ? facts.audience : step === 'audience' ? facts.through : undefined) ?? [];
  return [
    names.length > 0 && whyText[step === 'event' ? 'goesTo' : 'because']({ names: audienceWords(names, people, whom) }),
    facts.changed_at && (step === 'mute' || step === 'preference' || step === 'quiet_hours') && whyText.settingsChanged({ when: when(facts.changed_at) }),
    facts.limit !== undefined && whyText.perHour({ n: facts.limit }),
    facts.count !== undefined && facts.count > 1 && whyText.counts({ n: facts.count }),
    facts.quiet_hours && whyText.quiet({ start: facts.quiet_hours.start, end: facts.quiet_hours.end, zone: facts.quiet_hours.time_zone }),
    facts.attempts !== undefined && whyText.tries({ n: facts.attempts, next: facts.next_at ? when(facts.next_at) : '' }),
    facts.possible && whyText.mayBe({ reasons: facts.possible }),
    facts.sockets !== undefined && whyText.open({ n: facts.sockets }, whom),
  ].filter((fact) => typeof fact === 'string');
}

const mostNamed = 3;

function audienceWords(names: readonly string[], people: readonly { id: string; name: string }[], whom: Whom): string[] {
  const words = names.map((name) => {
    const [kind = '', value = ''] = name.split(':');
    if (name === 'all') {
      return whyText.everyone;
    }
    if (kind === 'role') {
      return whyText.role({ role: name.slice('role:'.length) });
    }
    if (kind === 'group') {
      return whyText.group({ name: name.slice('group:'.length) });
    }
    if (kind === 'watchers') {
      return whyText.watchers({ type: value });
    }
    return people.find(({ id }) => id === name)?.name ?? (whom.you ? whyText.themselves : name);
  });
  const shown = words.slice(0, words.length > mostNamed + 1 ? mostNamed : undefined);
  return shown.length < words.length ? [...shown, whyText.namedMore({ n: words.length - shown.length })] : shown;
}

/** A moment in words: "3 minutes ago", or the day and time. */
function useWhen(): (at: string) => string {
  const now = useNow();
  const zone = useZone();
  return (instant) => {
    const at = Date.parse(instant);
    const recent = at <= now && today(at, zone) === today(now, zone) ? ago(at, now, zone) : undefined;
    return recent ?? (today(at, zone) === today(now, zone) ? clock(at, zone) : `${longDay(at, zone)} ${clock(at, zone)}`);
  };
}

function Failed({ error, onAgain }: { error: unknown; onAgain: () => void }) {
  if (error instanceof CallboardError) {
    const said = error.type.endsWith(':switched_off')
      ? [whyText.off, whyText.offWhy]
      : error.status === 404 || error.status === 422
        ? [whyText.notThere, whyText.notThereWhy]
        : error.status === 410
          ? [whyText.gone, whyText.goneWhy]
          : undefined;
    if (said) {
      return (
        <Empty icon={IconBell} title={said[0] ?? text.failed.notSaved}>
          {said[1]}
        </Empty>
      );
    }
  }
  return (
    <NotLoaded title={whyText.notLoaded} onAgain={onAgain}>
      {problemWords(error)}
    </NotLoaded>
  );
}
