import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { CallboardError } from 'callboard';
import { describe, expect, it, vi } from 'vitest';

import { client } from '../client';
import { SignIn } from './SignIn';
import { safeNext } from './SignInPage';

async function signIn(onSignedIn = vi.fn()): Promise<typeof onSignedIn> {
  render(<SignIn onSignedIn={onSignedIn} />);
  await userEvent.type(screen.getByLabelText('Email'), 'ada@example.org');
  await userEvent.type(screen.getByLabelText('Password'), 'correct horse{Enter}');
  return onSignedIn;
}

describe('signing in', () => {
  it('says that the words do not match, and never which', async () => {
    vi.spyOn(client.auth, 'login').mockRejectedValue(new CallboardError(401, 'wrong'));
    await signIn();
    expect((await screen.findByText('Email and password do not match.')).closest('[role=alert]')).not.toBeNull();
  });

  it('says when to try again', async () => {
    vi.spyOn(client.auth, 'login').mockRejectedValue(new CallboardError(429, 'slow down', { retryAfter: 700 }));
    await signIn();
    await screen.findByText('Too many tries. Try again in 12 minutes.');
  });

  it('goes on with who has signed in', async () => {
    vi.spyOn(client.auth, 'login').mockResolvedValue({} as never);
    vi.spyOn(client.auth, 'me').mockResolvedValue({ id: 'ada' } as never);
    const signedIn = await signIn();
    await waitFor(() => expect(signedIn).toHaveBeenCalledWith({ id: 'ada' }));
  });
});

describe('where a sign-in leads', () => {
  it('is a place of this server, whatever the link says', () => {
    for (const next of ['', 'https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)', '/sign-in?next=/x', '/sign-in/', '/..//evil.example/', '/x/.././/evil.example', '/admin/..//evil.example/']) {
      expect(safeNext(next)).toBe('/');
    }
    expect(safeNext('/episodes?q=fog#x')).toBe('/episodes?q=fog#x');
    expect(safeNext('/admin/jobs/')).toBe('/admin/jobs/');
  });
});
