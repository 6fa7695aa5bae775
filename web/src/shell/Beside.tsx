import { Unsaved } from '../episode/Unsaved';
import { SessionOver } from '../gate/SessionOver';
import { Arrivals } from '../inbox/Arrivals';
import { useSession } from '../session';

/** What stands beside every page and shows nothing of its own until something happens. It comes after the first list. */
export default function Beside() {
  const over = useSession((session) => session.over);
  return (
    <>
      <Arrivals />
      <Unsaved />
      {over && <SessionOver />}
    </>
  );
}
