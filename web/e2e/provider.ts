import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Provider } from 'oidc-provider';

/** Somebody at the provider, by what it says of them. Whoever knows the login is let in. */
export type Claims = Record<string, unknown>;

/** An OpenID Connect provider on loopback, with a page to sign in and one to consent. */
export class OpenIDProvider {
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  /** Starts a provider that has one client, the board at an address, and takes codes with PKCE alone. People are by their logins. */
  static async start(board: string, people: Record<string, Claims>): Promise<OpenIDProvider> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const provider = new Provider(url, {
      clients: [{ client_id: 'board', client_secret: 'a secret: with / signs', redirect_uris: [`${board}/api/v1/auth/oidc/callback`], response_types: ['code'], grant_types: ['authorization_code'] }],
      pkce: { required: () => true },
      scopes: ['openid', 'email', 'profile', 'roles'],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], roles: ['realm_access'] },
      findAccount: (_, sub) => (people[sub] ? { accountId: sub, claims: () => ({ sub, ...people[sub] }) } : undefined),
      cookies: { keys: ['of this test'] },
      ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    });
    const answer = provider.callback();
    server.on('request', (request, response) => void answer(request, response));
    return new OpenIDProvider(server, url);
  }

  /** The settings of a server whose people sign in here. */
  settings(board: string): string[] {
    return [
      ...['--oidc-issuer', this.url, '--oidc-audience', 'board', '--oidc-client-secret', 'a secret: with / signs', '--oidc-sign-in', '--public-url', board],
      ...['--oidc-provider-name', 'Stage Door', '--oidc-scopes', 'openid,email,profile,roles', '--oidc-role-claim', 'realm_access.roles', '--oidc-roles', 'crew=editor,guests=viewer'],
    ];
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
