import { bodyOf, done, type Api, type Schemas } from './api.js';
import { camel, type Camel } from './camel.js';

export interface ViewerInput {
  /** Default: the caller. Another user needs the admin role or a service token. */
  userId?: string | undefined;
  resourceType: string;
  resourceId: string;
}

/** Who looks at a resource, since when. */
export type Viewer = Camel<Schemas['Viewer']>;

export interface ViewersOptions {
  /** How old the answer may be, in milliseconds. Default: 0. */
  cacheTTL?: number | undefined;
}

export class PresenceService {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /**
   * Notes that a user looks at a resource, and resolves to all who do. Repeats only refresh; without one the user leaves
   * when PRESENCE_TTL of the server is over.
   */
  async trackViewer(input: ViewerInput): Promise<Viewer[]> {
    const body = {
      resource_type: input.resourceType,
      resource_id: input.resourceId,
      ...(input.userId !== undefined && { user_id: input.userId }),
    };
    const { data } = await bodyOf(this.#api.POST('/api/v1/presence/viewers', { body }));
    return data.viewers.map(camel);
  }

  /** Who looks at a resource: those who came first first, at most 200. */
  async getViewers(type: string, id: string, options: ViewersOptions = {}): Promise<Viewer[]> {
    const query = options.cacheTTL === undefined ? {} : { cache_ttl: options.cacheTTL };
    const params = { path: { type, id }, query };
    const { data } = await bodyOf(this.#api.GET('/api/v1/presence/resource-viewers/{type}/{id}', { params }));
    return data.viewers.map(camel);
  }

  /** Notes that a user no longer looks at a resource. One with a live subscription to its viewers stays. */
  async removeViewer(userId: string, type: string, id: string): Promise<void> {
    const query = { user_id: userId, resource_type: type, resource_id: id };
    await done(this.#api.DELETE('/api/v1/presence/viewers', { params: { query } }));
  }
}
