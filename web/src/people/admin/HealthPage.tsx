import { IconBan, IconCheck } from '@tabler/icons-react';
import type { Schemas } from 'callboard';

import { problemWords } from '../../client';
import { Bulb, useNow } from '../../live';
import { useZone } from '../../session';
import { clock, date, text, today } from '../../text';
import { peopleText } from '../../text/people';
import { Button, Empty, Skeleton, toast } from '../../ui';
import { Frame } from '../Frame';
import { retry, useHealth, type Part } from './health';
import css from './HealthPage.module.css';

const words = peopleText.health;
const services = ['activity', 'notifications', 'presence'] as const;

/** How the server is, and what is owed. */
export default function HealthPage() {
  const { health, data, isError, refetch } = useHealth();
  return (
    <Frame tab="health">
      {health && data ? (
        <div className={css['page']}>
          <div className={css['top']} role="status">
            <Bulb shape={isError ? 'off' : health.shape} />
            <div>
              <h2>{isError ? words.noAnswer : health.title}</h2>
              <p>{isError ? words.noAnswerWhy : health.why}</p>
            </div>
          </div>
          <ul className={css['panel']} aria-label={words.partsList}>
            {health.parts.map((part) => (
              <Line key={part.name} part={part} />
            ))}
          </ul>
          {data.log && data.log.dead_letters.length > 0 && <Letters letters={data.log.dead_letters} more={data.log.more_dead_letters} />}
          <section className={css['panel']}>
            <div className={css['head']}>
              <h2>{words.services}</h2>
            </div>
            {services.map((service) => {
              const on = data.ready.parts[service]?.status !== 'off';
              return (
                <div key={service} className={css['service']}>
                  <span>{words.parts[service]}</span>
                  {on ? <IconCheck size={16} stroke={1.75} aria-hidden="true" /> : <IconBan size={16} stroke={1.75} aria-hidden="true" />}
                  {on ? words.on : words.off}
                </div>
              );
            })}
            <p className={css['note']}>{words.byServer}</p>
          </section>
        </div>
      ) : isError ? (
        <Empty title={words.noAnswer} acts={<Button onClick={() => void refetch()}>{text.tryAgain}</Button>} />
      ) : (
        <Skeleton rows={8} height={45} />
      )}
    </Frame>
  );
}

function Line({ part: { name, shape, state, words: said, error, number } }: { part: Part }) {
  return (
    <li className={css['part']}>
      <Bulb shape={shape} />
      <b>{name}</b>
      <span className={css['words']}>
        {said}
        {error && <code className={css['error']}>{error}</code>}
      </span>
      <span className={css['number']}>
        {shape === 'live' ? <span className="vh">{state}</span> : <b>{state}</b>} {number}
      </span>
    </li>
  );
}

type Letter = Schemas['OutboxLetterView'];

async function tryAgain(letter?: Letter): Promise<void> {
  try {
    toast({ words: words.retried({ n: await retry(letter) }) });
  } catch (error) {
    toast({ look: 'bad', words: peopleText.notDone, more: problemWords(error) });
  }
}

/** What could not be taken, with the reason. */
function Letters({ letters, more }: { letters: readonly Letter[]; more: boolean }) {
  return (
    <section className={css['panel']} aria-label={words.letters}>
      <div className={css['head']}>
        <h2>{words.letters}</h2>
        <Button size="small" act={() => tryAgain()}>
          {words.retryAll}
        </Button>
      </div>
      {letters.map((letter) => (
        <LetterLine key={`${letter.consumer} ${letter.pos}`} letter={letter} />
      ))}
      {more && <p className={css['note']}>{words.lettersMore}</p>}
    </section>
  );
}

function LetterLine({ letter }: { letter: Letter }) {
  const zone = useZone();
  const now = today(useNow(), zone);
  const { consumer, event, error, attempts, since, next_at } = letter;
  const name = event.replaceAll('_', ' ').replace(/^./, (one) => one.toUpperCase());
  const at = (time: string): string => {
    const day = today(Date.parse(time), zone);
    return day === now ? clock(Date.parse(time), zone) : `${date(day, now)} ${clock(Date.parse(time), zone)}`;
  };
  return (
    <div className={css['letter']}>
      <div>
        <b>{words.letter({ event: name, consumer: words.parts[consumer] ?? consumer })}</b>
        <p>{words.letterAbout({ n: attempts, since: at(since), next: at(next_at) })}</p>
        {error ? <code className={css['error']}>{error}</code> : <p>{words.waitsForOther}</p>}
      </div>
      <Button size="small" aria-label={words.retryOf({ event: name })} act={() => tryAgain(letter)}>
        {words.retry}
      </Button>
    </div>
  );
}
