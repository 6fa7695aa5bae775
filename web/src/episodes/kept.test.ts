import { CallboardError } from 'callboard';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { useSession } from '../session';
import { saveEpisode } from './api';
import { keptNow, recall, saveEdit, sendKept } from './kept';
import { episodes, type Episode } from './store/episode';

vi.mock('./api', () => ({ saveEpisode: vi.fn() }));

const saves = vi.mocked(saveEpisode);
const away = { is: 'refused', error: new CallboardError(0, 'no answer') } as const;

function episode(id: string): Episode {
  const made = { id, version: 5, title: 'Fog Signal', status: 'draft', air_date: null } as Episode;
  episodes.put(made);
  return made;
}

beforeEach(() => {
  localStorage.clear();
  useSession.setState({ me: { id: 'ada' } as never });
  recall({ all: true });
  saves.mockReset();
});

describe('an edit that the server does not take', () => {
  it('waits, shows, and is sent in its turn with the version that it began from', async () => {
    saves.mockResolvedValueOnce(away);
    const [a, b] = [episode('a'), episode('b')];
    expect(await saveEdit(a, { title: 'Mine' })).toEqual({ is: 'kept' });
    expect(await saveEdit(b, { status: 'pending' })).toEqual({ is: 'kept' }); // behind the other one
    expect(saves).toHaveBeenCalledOnce();
    expect([episodes.get('a')?.title, episodes.get('b')?.status, episodes.saved('a')?.title]).toEqual(['Mine', 'pending', 'Fog Signal']);
    saves.mockImplementation((began, patch) => Promise.resolve({ is: 'saved', episode: { ...began, ...patch }, beside: undefined }));
    await sendKept();
    expect(saves.mock.calls.slice(1)).toEqual([[a, { title: 'Mine' }], [b, { status: 'pending' }]]);
    expect(keptNow()).toEqual([]);
    expect(localStorage.length).toBe(0);
  });

  it('survives a reload, also when it was on its way, and is sent then', async () => {
    saves.mockReturnValueOnce(new Promise(() => undefined)); // the page is closed before an answer comes
    void saveEdit(episode('a'), { title: 'Mine' });
    recall({ all: true });
    expect(keptNow().map(({ began, patch }) => [began.version, patch])).toEqual([[5, { title: 'Mine' }]]);
    saves.mockImplementation((began, patch) => Promise.resolve({ is: 'saved', episode: { ...began, ...patch }, beside: undefined }));
    await sendKept();
    expect(saves).toHaveBeenCalledTimes(2);
    expect(localStorage.length).toBe(0);
  });

  it('is none that another version of the board has written in another way', () => {
    for (const odd of ['null', '7', '"x"', '{}', '{"began":null,"patch":{}}', '{"began":{"id":"a"}}', '{']) {
      localStorage.setItem('callboard.kept.ada.1', odd);
      recall({ all: true });
      expect(keptNow()).toEqual([]);
    }
  });

  it('takes the place of one of the same field, from the same beginning', async () => {
    saves.mockResolvedValueOnce(away);
    const first = episode('a');
    await saveEdit(first, { title: 'Mine' });
    await saveEdit({ ...first, title: 'Mine' }, { title: 'Mine, Again' });
    expect(keptNow().map(({ began, patch }) => [began.title, patch])).toEqual([['Fog Signal', { title: 'Mine, Again' }]]);
    expect(episodes.get('a')?.title).toBe('Mine, Again');
  });

  it('is of one user', async () => {
    saves.mockResolvedValueOnce(away);
    await saveEdit(episode('a'), { title: 'Mine' });
    useSession.setState({ me: { id: 'ben' } as never });
    recall({ all: true });
    expect(keptNow()).toEqual([]);
    expect(episodes.get('a')?.title).toBe('Fog Signal');
  });

  it('is no draft that was refused for good', async () => {
    const refused = { is: 'refused', error: new CallboardError(403, 'no') } as const;
    saves.mockResolvedValueOnce(refused);
    expect(await saveEdit(episode('a'), { title: 'Mine' })).toBe(refused);
    expect(localStorage.length).toBe(0);
  });
});
