import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { CallboardError } from 'callboard';
import { describe, expect, it, vi } from 'vitest';

import { client } from '../client';
import { SignIn } from './SignIn';
import { safeNext } from './SignInPage';

function offer(methods: object): void {
  vi.spyOn(client.api, 'GET').mockResolvedValue({ data: { data: methods }, response: new Response() } as never);
}

async function signIn(onSignedIn = vi.fn()): Promise<typeof onSignedIn> {
  offer({ password: true });
  render(<SignIn onSignedIn={onSignedIn} />);
  await userEvent.type(await screen.findByLabelText('Email'), 'ada@example.org');
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

describe('signing in at a provider', () => {
  const show = async (methods: object, props: { next?: string; error?: string; apart?: boolean } = {}): Promise<HTMLElement> => {
    offer(methods);
    render(<SignIn onSignedIn={vi.fn()} {...props} />);
    return screen.findByRole('link', { name: 'Sign in with Keycloak' });
  };

  it('leads there, and back to where one was going', async () => {
    const link = await show({ password: true, provider: { name: 'Keycloak' } }, { next: '/episodes?q=a&b' });
    expect(link.getAttribute('href')).toBe('/api/v1/auth/oidc/start?return_to=%2Fepisodes%3Fq%3Da%26b');
    expect(link.getAttribute('target')).toBeNull();
    screen.getByLabelText('Password');
  });

  it('is the only way where passwords are switched off', async () => {
    const link = await show({ password: false, provider: { name: 'Keycloak' } }, { apart: true });
    expect(link.getAttribute('target')).toBe('_blank');
    expect(screen.queryByLabelText('Password')).toBeNull();
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('has words for what the server says, and never says what the address does', async () => {
    await show({ password: true, provider: { name: 'Keycloak' } }, { error: 'away' });
    screen.getByText('No answer from Keycloak. Try again in a moment.');
    cleanup();
    await show({ password: true, provider: { name: 'Keycloak' } }, { error: 'toString' });
    screen.getByText(/^Signing in has failed on the server\./);
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

describe('a second factor', () => {
  const missing = new CallboardError(401, 'a code, too', { type: 'urn:callboard:problem:second_factor_required' });

  it('is asked for after the password, and sent with it', async () => {
    const login = vi.spyOn(client.auth, 'login').mockRejectedValue(missing);
    await signIn();
    await userEvent.type(await screen.findByLabelText('Code'), '123 456{Enter}');
    expect(login).toHaveBeenLastCalledWith('ada@example.org', 'correct horse', { code: '123 456' });
    await screen.findByText(/The code is not right/);
    await userEvent.click(screen.getByRole('button', { name: 'Use a recovery code' }));
    await userEvent.type(screen.getByLabelText('Recovery code'), 'ABCD-EFGH{Enter}');
    await screen.findByText(/none of your recovery codes/);
    login.mockRejectedValue(new CallboardError(401, 'wrong'));
    await userEvent.type(screen.getByLabelText('Recovery code'), 'ABCD-EFGH{Enter}');
    await screen.findByText('Email and password do not match.');
    screen.getByLabelText('Password');
  });
});
