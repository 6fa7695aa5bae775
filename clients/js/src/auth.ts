import { bodyOf, done, initOf, type Api, type CallOptions, type Schemas } from './api.js';
import { camel, type Camel } from './camel.js';

/** The user who is signed in. */
export type Me = Camel<Schemas['AccountMe']>;

export type User = Camel<Schemas['AccountUser']>;

/** Signs in with a session cookie, for pages of the server's own origin. */
export class Auth {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /**
   * Signs in. code is of the second factor, or a recovery code. Where the account has one and the code is missing or wrong, the type of the error ends with
   * `:second_factor_required`.
   */
  async login(email: string, password: string, { code, ...options }: CallOptions & { code?: string } = {}): Promise<User> {
    const { data } = await bodyOf(this.#api.POST('/api/v1/auth/login', { body: { email, password, ...(code && { code }) }, ...initOf(options) }));
    return camel(data);
  }

  async logout(options: CallOptions = {}): Promise<void> {
    await done(this.#api.POST('/api/v1/auth/logout', initOf(options)));
  }

  async me(options: CallOptions = {}): Promise<Me> {
    const { data } = await bodyOf(this.#api.GET('/api/v1/auth/me', initOf(options)));
    return camel(data);
  }
}
