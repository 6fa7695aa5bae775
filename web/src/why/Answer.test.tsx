import { render, screen, within } from '@testing-library/react';
import { CallboardError } from 'callboard';
import { describe, expect, it, vi } from 'vitest';

import { Answer } from './Answer';
import type { Why, WhyStep } from './api';

vi.mock('../session', () => ({ useMe: () => ({ id: 'vic', role: 'viewer' }), useZone: () => 'UTC' }));
vi.mock('../live', () => ({ useNow: () => Date.parse('2026-11-27T18:30:00Z') }));
vi.mock('../people/shared', () => ({ usePeople: () => [{ id: 'mira', name: 'Mira' }] }));

const step = (name: WhyStep['step'], outcome: WhyStep['outcome'], reason: string, more: Partial<WhyStep> = {}): WhyStep => ({ step: name, outcome, reason, basis: 'recorded', text: 'In the words of the server.', ...more });

function why(outcome: Why['outcome'], steps: WhyStep[], more: Partial<Why> = {}): Why {
  return {
    event_id: 'e', event: 'episode_updated', pos: 7, created_at: '2026-11-27T18:27:00Z', actor_id: 'mira', actor_name: 'Mira', resource_type: 'episode', resource_id: 'x',
    resource_name: 'Low Water', user_id: 'vic', user_name: 'Vic', outcome, text: '', steps, ...more,
  };
}

function show(data: Why | undefined, error?: unknown): void {
  render(<Answer asked={{ data, error, isError: error !== undefined, refetch: () => undefined }} />);
}

describe('the answer', () => {
  it('says why it came, and who did what', () => {
    show(why('passed', [step('event', 'passed', 'found', { facts: { audience: ['role:admin', 'watchers:episode:x', 'mira', 'all'] } }), step('watch', 'passed', 'watching'), step('inbox', 'passed', 'unread')]));
    expect(screen.getByRole('heading', { name: 'You got this' }).closest('header')?.textContent).toContain('You watch it.');
    screen.getByText(/^Low Water, by Mira, /);
    screen.getByText(/^It goes to admins, those who watch the episode, Mira and everyone\.$/);
  });

  it('says of somebody else what kept it away, and that this is as things are now', () => {
    show(why('stopped', [step('event', 'passed', 'found'), step('watch', 'stopped', 'not_watching', { basis: 'now' })], { user_id: 'tom', user_name: 'Tom' }));
    screen.getByRole('heading', { name: 'Tom did not get this' });
    const [, last] = screen.getAllByRole('listitem');
    within(last as HTMLElement).getByText('Tom does not watch it.');
    within(last as HTMLElement).getByText(/^As things are now/);
  });

  it('does not guess what was not kept', () => {
    show(why('unknown', [step('inbox', 'unknown', 'gone', { basis: 'now', facts: { possible: ['deleted', 'preferences_changed'] } })]));
    screen.getByText('It may be that it was deleted, or that the settings were different then.');
  });

  it('says a step that is new to it in the words of the server', () => {
    show(why('stopped', [step('mute', 'stopped', 'of_next_year')]));
    expect(screen.getAllByText('In the words of the server.')).toHaveLength(2);
  });

  it('says that it is too long ago, and that there is nothing', () => {
    show(undefined, new CallboardError(410, 'gone'));
    screen.getByText('That is too long ago');
    show(undefined, new CallboardError(404, 'no such event'));
    screen.getByText('There is nothing to tell');
  });
});
