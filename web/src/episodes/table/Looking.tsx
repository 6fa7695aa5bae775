import { useLook, useViewers } from '../../live';
import { useSession } from '../../session';
import { Avatars } from '../../ui';

/** Who else looks at an episode; who edits it stands first. */
export function Looking({ id }: { id: string }) {
  useLook('episode', id);
  const viewers = useViewers('episode', id);
  const me = useSession((session) => session.me?.id);
  const others = viewers.filter(({ user_id }) => user_id !== me);
  return others.length === 0 ? null : <Avatars people={others.map(({ user_id, name, editing }) => ({ id: user_id, name, editing: (editing?.length ?? 0) > 0 }))} />;
}
