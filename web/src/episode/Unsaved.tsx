import { lazy, Suspense, useEffect } from 'react';

import { useLocation } from '../address';
import { device } from '../client';
import { keptPrefix, refusalWords, useKeeping, type Kept, type Saved } from '../episodes/shared';
import { text } from '../text';
import { toast } from '../ui';
import { draftPrefix, keptWasSent, useConflict } from './drafts';

const ConflictDialog = lazy(() => import('./ConflictDialog'));

/** Beside every page: sends what waited on the device, and asks whose shall be where two have changed the same. */
export function Unsaved() {
  const conflict = useConflict();
  const [, go] = useLocation();
  useKeeping((edit, saved) => {
    void keptWasSent(edit, saved);
    tell(edit, saved, go);
  });
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent): void => {
      if ([keptPrefix, draftPrefix].some((prefix) => device.endsWithPage(prefix))) {
        event.preventDefault(); // the device had no room for it
      }
    };
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, []);
  return <Suspense>{conflict && <ConflictDialog key={`${conflict.draft.began.id} ${conflict.cell} ${conflict.theirs.version}`} conflict={conflict} />}</Suspense>;
}

function tell({ began }: Kept, saved: Saved, go: (to: string) => void): void {
  if (saved.is === 'refused') {
    const why = refusalWords(saved.error);
    toast({ look: 'bad', words: text.kept.refused({ title: began.title }), more: text.kept.refusedWhy({ why }), act: { name: text.kept.open, run: () => go(`/episodes/${began.id}`) } });
  }
}
