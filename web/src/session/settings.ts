import { useEffect } from 'react';
import { create } from 'zustand';

import { call, client, device } from '../client';
import { useSession } from './session';

/** What is kept for a user on all devices. What a page keeps there has a name of its own. */
interface Settings {
  /** Whether keys without Control or Command are shortcuts. They are until somebody switches them off. */
  singleKeys: boolean;
}

const usual: Settings = { singleKeys: true };

/** As this device knows it: right from the first key on, also before the server has answered. */
const cacheKey = (): string => `callboard.settings.${useSession.getState().me?.id ?? ''}`;

const useSettings = create<Settings>(() => usual);

function known(): Settings {
  try {
    const kept = JSON.parse(device.get(cacheKey()) ?? 'null') as Partial<Settings> | null;
    return { singleKeys: kept?.singleKeys !== false };
  } catch {
    return usual; // no JSON: another program's, or cut off
  }
}

function take(values: Record<string, unknown>): void {
  useSettings.setState({ singleKeys: values['singleKeys'] !== false });
  device.set(cacheKey(), JSON.stringify(useSettings.getState()));
}

/** Reads the settings of whoever is signed in, for as long as the shell is there. */
export function useSettingsOfUser(): void {
  const user = useSession(({ me }) => me?.id);
  useEffect(() => {
    useSettings.setState(known());
    call(() => client.api.GET('/api/v1/auth/me/settings')).then(
      ({ data }) => take(data),
      () => undefined, // this device goes on with what it knows
    );
  }, [user]);
}

/** Whether single keys are shortcuts. */
export function useSingleKeys(): boolean {
  return useSettings(({ singleKeys }) => singleKeys);
}

/** Switches single keys on or off, on all devices. Rejects when that is refused, and nothing has changed then. */
export async function setSingleKeys(on: boolean): Promise<void> {
  const before = useSettings.getState().singleKeys;
  useSettings.setState({ singleKeys: on });
  try {
    const { data } = await call(() => client.api.PATCH('/api/v1/auth/me/settings', { body: { settings: { singleKeys: on } } }));
    take(data);
  } catch (error) {
    useSettings.setState({ singleKeys: before });
    throw error;
  }
}
