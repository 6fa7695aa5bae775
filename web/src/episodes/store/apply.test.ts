import type { Message, Schemas } from 'callboard';
import { beforeEach, describe, expect, it } from 'vitest';

import { useSession } from '../../session';
import { applyEvent } from './apply';
import { episodeMarks, episodes, sketches, type Episode } from './episode';

const before: Episode = {
  id: 'e1', title: 'Low Water', status: 'draft', show_id: 's1', season_number: 1, episode_number: 2, air_date: '2026-09-11', categories: ['drama'], description: 'Words.',
  thumbnail_url: null, created_by: 'u1', created_by_name: 'Ursula', created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z', version: 3,
};

function message(event: string, data: Partial<Schemas['EpisodeData']>, actor = { id: 'mira', name: 'Mira' }): Message<Schemas['EpisodeData']> {
  const { title, status, version } = before;
  return {
    id: 'm', pos: 9, event, timestamp: '2026-02-02T00:00:00Z', actor, resource: { type: 'episode', id: 'e1' },
    data: { title, status, version: version + 1, show_id: 's1', season_number: 1, episode_number: 2, air_date: '2026-09-11', ...data },
  };
}

describe('an event of an episode', () => {
  beforeEach(() => {
    episodes.delete('e1');
    episodes.put(before);
    episodeMarks.clear('e1');
    sketches.clear();
    useSession.setState({ me: { id: 'ada' } as never });
  });

  it('changes the record, and marks the fields that differ', () => {
    applyEvent(message('episode_updated', { title: 'High Water', changes: { title: { old: 'Low Water', new: 'High Water' }, categories: { old: ['drama'], new: null } } }));
    expect(episodes.get('e1')).toMatchObject({ title: 'High Water', categories: [], description: 'Words.', version: 4, updated_at: '2026-02-02T00:00:00Z' });
    expect([...episodeMarks.of('e1').keys()].sort()).toEqual(['', 'categories', 'title']);
    expect(sketches.size).toBe(0);
  });

  it('marks nothing that I did, and takes nothing that is older', () => {
    applyEvent(message('episode_updated', { title: 'Mine' }, { id: 'ada', name: 'Ada' }));
    expect(episodeMarks.of('e1').size).toBe(0);
    applyEvent(message('episode_updated', { title: 'Older', version: 4 }));
    expect(episodes.get('e1')?.title).toBe('Mine');
  });

  it('keeps what is being saved on top', () => {
    const done = episodes.edit('e1', { title: 'Being saved' });
    applyEvent(message('episode_updated', { title: 'Theirs', status: 'pending' }));
    expect(episodes.get('e1')).toMatchObject({ title: 'Being saved', status: 'pending' });
    done();
    expect(episodes.get('e1')?.title).toBe('Theirs');
  });

  it('has read anew what it does not tell all of', () => {
    applyEvent(message('episode_updated', { version: 6 }));
    expect(sketches.has('e1')).toBe(true);
  });

  it('leaves the record of what was deleted, as deleted', () => {
    applyEvent(message('episode_deleted', {}));
    expect(episodes.get('e1')?.deleted_at).toBe('2026-02-02T00:00:00Z');
    applyEvent(message('episode_restored', { version: 5 }));
    expect(episodes.get('e1')?.deleted_at).toBeUndefined();
  });
});
