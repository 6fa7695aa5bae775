import { bodyOf, done, initOf, type Api, type CallOptions, type Schemas } from './api.js';
import { camel, type Camel } from './camel.js';
import { checkObject, idText, segment, userField, type ResourceId, type UserId } from './check.js';

export interface ViewerInput {
  /** As that of an activity: left out or null it is the caller; undefined is refused. */
  userId?: UserId | null;
  resourceType: string;
  resourceId: ResourceId;
}

/** Who looks at a resource, since when. */
export type Viewer = Camel<Schemas['Viewer']>;

export interface ViewersOptions extends CallOptions {
  /** How old the answer may be, in milliseconds. Default: 0. */
  cacheTTL?: number | undefined;
}

export class PresenceService {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /**
   * Notes that a user looks at a resource, and resolves to those who do, as getViewers has them. Repeats only refresh; without
   * one the user leaves when PRESENCE_TTL of the server is over. Rejects with status 429 for a user who looks at too many things.
   * Things of your own need a type of your own, such as `app.episode`.
   */
  async trackViewer(input: ViewerInput, options: CallOptions = {}): Promise<Viewer[]> {
    checkObject('input', input);
    const body = {
      resource_type: input.resourceType,
      resource_id: idText(input.resourceId),
      ...('userId' in input && userField(input.userId)),
    };
    const { data } = await bodyOf(this.#api.POST('/api/v1/presence/viewers', { body, ...initOf(options) }));
    return data.viewers.map(camel);
  }

  /** Who looks at a resource: those who came first first, at most 1,000, without those who chose to be offline. */
  async getViewers(type: string, id: ResourceId, options: ViewersOptions = {}): Promise<Viewer[]> {
    const query = options?.cacheTTL === undefined ? {} : { cache_ttl: options.cacheTTL };
    const params = { path: { type: segment('type', type), id: segment('id', id) }, query };
    const { data } = await bodyOf(this.#api.GET('/api/v1/presence/resource-viewers/{type}/{id}', { params, ...initOf(options) }));
    return data.viewers.map(camel);
  }

  /**
   * Notes that a user no longer looks at a resource; null is the caller. One with a live subscription to its viewers stays.
   */
  async removeViewer(userId: UserId | null, type: string, id: ResourceId, options: CallOptions = {}): Promise<void> {
    const query = { ...userField(userId), resource_type: segment('type', type), resource_id: segment('id', id) };
    await done(this.#api.DELETE('/api/v1/presence/viewers', { params: { query }, ...initOf(options) }));
  }
}
