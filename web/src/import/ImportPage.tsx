import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import { Link, useParamsOf } from '../address';
import { EditorsOnly } from '../jobs/shared';
import { useMayEdit } from '../session';
import { importsText } from '../text/imports';
import { buttonClass, Page, usePhone } from '../ui';
import { importParams, type ChangeImport, type ImportAddress } from './address';
import { CheckStep } from './CheckStep';
import { ColumnsStep } from './ColumnsStep';
import { FileStep } from './FileStep';
import { JobStep } from './JobStep';
import css from './import.module.css';

const steps = ['file', 'columns', 'check', 'import'] as const;
type Step = (typeof steps)[number];

export interface StepProps {
  address: ImportAddress;
  change: ChangeImport;
}

/** From a sheet to its episodes, in four steps. Which of them it is follows from what there is, and all of that is in the address. */
export default function ImportPage() {
  return useMayEdit() ? <Wizard /> : <EditorsOnly title={importsText.title} />;
}

const pages: Record<Step, (props: StepProps) => ReactNode> = { file: FileStep, columns: ColumnsStep, check: CheckStep, import: JobStep };

function Wizard() {
  const [address, change] = useParamsOf(importParams);
  const phone = usePhone();
  const step: Step = address.job ? 'import' : address.check ? 'check' : address.file ? 'columns' : 'file';
  const at = steps.indexOf(step);
  const Content = pages[step];
  const words = importsText;
  return (
    <Page
      title={phone ? words.titleShort : words.title}
      {...(phone ? {} : { crumb: <Link href="/jobs">{words.crumb}</Link> })}
      views={
        phone ? (
          <span className={css['stepShort']}>{words.step({ at: at + 1 })}</span>
        ) : (
          <ol className={css['steps']} aria-label={words.stepsName}>
            {steps.map((one, i) => (
              <li key={one} className={i < at ? css['done'] : i === at ? css['on'] : undefined} {...(i === at ? { 'aria-current': 'step' as const } : {})}>
                <span className={css['at']}>
                  {i < at ? <IconCheck size={12} stroke={2.6} aria-hidden="true" /> : i + 1}
                  {i < at && <span className="vh">{words.stepDone}</span>}
                </span>
                {words.steps[one]}
              </li>
            ))}
          </ol>
        )
      }
      acts={
        !phone && (
          <Link href="/jobs" className={buttonClass({ look: 'quiet' })}>
            {words.leave}
          </Link>
        )
      }
    >
      <Content key={step} address={address} change={change} />
    </Page>
  );
}
