import { IconHelpCircle } from '@tabler/icons-react';
import type { ImportMapping, ImportRequest } from 'callboard';
import { useId, useState, type ReactNode } from 'react';

import { useShows } from '../shows/shared';
import { importsText } from '../text/imports';
import { Button, Skeleton } from '../ui';
import type { ChangeImport, ImportAddress } from './address';
import { useColumns, useSheets } from './api';
import { encodings } from './encodings';
import { withoutOrders, type Question } from './questions';
import css from './import.module.css';

interface AskProps {
  question: Question;
  request: ImportRequest;
  /** The mapping that an answer adds to. */
  base: ImportMapping;
  /** The title of the show that is imported into. */
  show: string;
  change: ChangeImport;
}

interface Answer {
  name: string;
  /** Beside the name: first values, or how a line reads. */
  hint?: string;
  change: Partial<ImportAddress>;
}

/** A question about the file, in the words of the server, with its answers. */
export function Ask(props: AskProps) {
  const { question, base, show, change } = props;
  const shows = useShows();
  const words = importsText.question;
  switch (question.kind) {
    case 'column':
      return <AskColumn {...props} field={question.field} />;
    case 'sheet':
      return <AskSheet {...props} />;
    case 'encoding': {
      const read = new Set(question.readings.map(({ encoding }) => encoding));
      const answers = question.readings.map(({ encoding, reading }) => ({ name: reading, hint: encoding, change: { encoding } }));
      const others = encodings.filter((one) => !read.has(one)).map((encoding) => ({ name: encoding, change: { encoding } }));
      return <Card title={words.encoding} says={question.words} answers={answers} others={others} othersName={words.encodingOther} change={change} />;
    }
    case 'dates':
      return <Card title={words.dates} says={question.words} answers={question.orders.map((dates) => ({ name: importsText.columns.orders[dates], change: { dates } }))} change={change} />;
    case 'show':
      return (
        <Card
          title={words.show}
          says={question.words}
          answers={[
            { name: words.showOfFile, change: { show: '', title: '' } },
            ...(show ? [{ name: words.showAllInto({ show }), change: { map: { ...base, show: [], show_id: [] } } }] : []),
          ]}
          others={shows.map(({ id, title }) => ({ name: title, change: { show: id, title: '' } }))}
          othersName={importsText.into}
          change={change}
        />
      );
    case 'hidden':
      return <Card title={words.hidden} says={question.words} answers={[{ name: words.hiddenYes, change: { hidden: '1' } }]} change={change} />;
    default:
      return <Card title={words.other} says={question.words} answers={[{ name: importsText.another, change: { file: '', sheet: '', encoding: '' } }]} change={change} />;
  }
}

function AskColumn({ question, request, base, change, field }: AskProps & { field: string }) {
  const columns = useColumns(request, field);
  const words = importsText.question;
  const name = importsText.fields[field] ?? field;
  const answer = (to: string[]): Partial<ImportAddress> => ({ map: { ...base, [field]: to } });
  const answers = columns.data?.filter(({ samples }) => samples.length > 0).map((column) => ({ name: words.columnAnswer(column), hint: column.samples.join(' · '), change: answer([`#${column.position}`]) }));
  const none = field === 'title' ? [] : [{ name: words.noColumn({ field: name }), change: answer([]) }];
  return <Card title={words.column({ field: name })} says={question.words} answers={columns.isPending ? undefined : [...(answers ?? []), ...none]} change={change} />;
}

function AskSheet({ question, request, change }: AskProps) {
  const sheets = useSheets(request, question.words);
  const words = importsText.question;
  return <Card title={words.sheet} says={question.words} answers={sheets.isPending ? undefined : (sheets.data ?? []).map((sheet) => ({ name: sheet, change: { sheet, map: null } }))} change={change} />;
}

interface CardProps {
  title: string;
  says: string;
  /** Undefined while they are looked up. */
  answers: readonly Answer[] | undefined;
  /** Rarer answers, in a list of their own. */
  others?: readonly Answer[];
  othersName?: string;
  change: ChangeImport;
}

function Card({ title, says, answers, others = [], othersName = '', change }: CardProps) {
  const [chosen, setChosen] = useState<Answer>();
  const name = useId();
  const words = importsText.question;
  const choice = (answer: Answer): ReactNode => (
    <label key={answer.name + (answer.hint ?? '')} className={css['answer']}>
      <input type="radio" name={name} checked={chosen?.name === answer.name && chosen.hint === answer.hint} onChange={() => setChosen(answer)} />
      <span className={css['answerName']}>{answer.name}</span>
      {answer.hint && <span className={`${css['faint']} cut`}>{answer.hint}</span>}
    </label>
  );
  return (
    <section className={`${css['panel']} ${css['question']}`} aria-label={words.label}>
      <IconHelpCircle size={20} stroke={1.75} aria-hidden="true" />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen) {
            change(chosen.change);
          }
        }}
      >
        <fieldset className={css['answers']}>
          <legend className={css['asked']}>{title}</legend>
          <p className={css['says']}>
            {words.says} <q>{withoutOrders(says)}</q>
          </p>
          {answers === undefined ? <Skeleton rows={3} height={34} /> : answers.map(choice)}
          {others.length > 0 && (
            <label className={css['labelled']}>
              <span className={css['label']}>{othersName}</span>
              <select className={css['select']} value={others.some(({ name: one }) => one === chosen?.name) ? chosen?.name : ''} onChange={({ target: { value } }) => setChosen(others.find((one) => one.name === value))}>
                <option value="" />
                {others.map((one) => (
                  <option key={one.name}>{one.name}</option>
                ))}
              </select>
            </label>
          )}
        </fieldset>
        <Button type="submit" aria-disabled={!chosen} title={chosen ? undefined : words.choose}>
          {words.answer}
        </Button>
      </form>
    </section>
  );
}
