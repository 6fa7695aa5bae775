import { IconPin, IconPinFilled } from '@tabler/icons-react';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';

import { useLamp, useStart } from '../live';
import { text } from '../text';
import { Button, isSingle, useActs, usePhone, type Act } from '../ui';
import { useMayChange } from './api';
import { useAddress, useOpenView } from './useOpenView';

const NewPin = lazy(() => import('./PinDialog').then((module) => ({ default: module.NewPin })));
const ChangePin = lazy(() => import('./PinDialog').then((module) => ({ default: module.ChangePin })));

/** Pins what is shown, or changes what is pinned; P does the same. On phones the palette has it. */
export function Pin({ suggestion }: { suggestion: string }) {
  const phone = usePhone();
  const address = useAddress();
  const now = useOpenView();
  const mayChange = useMayChange();
  const offline = useLamp(({ signal }) => signal === 'offline');
  const start = useStart();
  const [open, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  const own = now && mayChange(now.view) ? now : undefined; // else it is as good as none: one pins it for oneself
  const pinned = own && !own.edited ? own.view : undefined;
  const words = pinned ? text.savedViews.pinnedAs({ name: pinned.name }) : text.savedViews.pin;
  const Sign = pinned ? IconPinFilled : IconPin;
  useActs(useMemo((): readonly Act[] => (offline ? [] : [{ name: words, icon: IconPin, keys: ['P'], run: () => setOpen(true) }]), [offline, words]));
  useEffect(() => {
    const key = (event: KeyboardEvent): void => {
      if (event.key === 'p' && isSingle(event) && !event.defaultPrevented && !offline) {
        event.preventDefault();
        setOpen(true);
      }
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  }, [offline]);
  return (
    <>
      {!phone && (
        <Button icon look="quiet" label={words} on={pinned !== undefined} aria-keyshortcuts="P" {...start(() => setOpen(true))}>
          <Sign size={16} stroke={1.75} aria-hidden="true" />
        </Button>
      )}
      {open && (
        <Suspense>{pinned ? <ChangePin view={pinned} onClose={close} /> : <NewPin address={address} suggestion={suggestion} former={own?.view} onClose={close} />}</Suspense>
      )}
    </>
  );
}
