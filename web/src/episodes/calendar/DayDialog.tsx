import { longDate, text } from '../../text';
import { Button, Dialog } from '../../ui';
import { Lines } from './Agenda';

/** All that airs on a day, where the month shows a part of it. */
export function DayDialog({ day, today, ids, onClose }: { day: string; today: string; ids: readonly string[]; onClose: () => void }) {
  return (
    <Dialog title={longDate(day, today)} onClose={onClose} acts={<Button onClick={onClose}>{text.close}</Button>}>
      <Lines ids={ids} />
    </Dialog>
  );
}
