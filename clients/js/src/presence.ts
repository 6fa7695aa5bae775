import { bodyOf, done, initOf, type Api, type CallOptions, type Schemas } from './api.js';
import { camel, type Camel } from './camel.js';
import { checkObject, idText, invalid, segment, userField, type ResourceId, type UserId } from './check.js';

export interface ViewerInput {
  /** As that of an activity: left out or null it is the caller; undefined is refused. */
  userId?: UserId | null;
  resourceType: string;
  resourceId: ResourceId;
  /** The field that the user edits now. It lapses after six seconds: say so again every two or three while somebody types. */
  editing?: string | undefined;
}

/** Who looks at a resource, since when, and which fields the user edits. */
export type Viewer = Camel<Schemas['Viewer']>;

/** Who looks at one of many resources: 20 at most, and how many there are in all. */
export interface ResourceViewers {
  viewers: Viewer[];
  total: number;
}

export interface RemoveViewerOptions extends CallOptions {
  /** Only this field is no longer edited; the user goes on looking. */
  editing?: string | undefined;
}

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
   * one the user leaves when PRESENCE_TTL of the server is over. Rejects with status 429 for a user who looks at too many things, and
   * with 403 when a user is to edit what they may not.
   * Things of your own need a type of your own, such as `app.episode`.
   */
  async trackViewer(input: ViewerInput, options: CallOptions = {}): Promise<Viewer[]> {
    checkObject('input', input);
    const body = {
      resource_type: input.resourceType,
      resource_id: idText(input.resourceId),
      ...('userId' in input && userField(input.userId)),
      ...(input.editing !== undefined && { editing: input.editing }),
    };
    const { data } = await bodyOf(this.#api.POST('/api/v1/presence/viewers', { body, ...initOf(options) }));
    return data.viewers.map(camel);
  }

  /** Who looks at a resource: those who edit it, then those who came first; at most 1,000, without those who chose to be offline. */
  async getViewers(type: string, id: ResourceId, options: ViewersOptions = {}): Promise<Viewer[]> {
    const query = options?.cacheTTL === undefined ? {} : { cache_ttl: options.cacheTTL };
    const params = { path: { type: segment('type', type), id: segment('id', id) }, query };
    const { data } = await bodyOf(this.#api.GET('/api/v1/presence/resource-viewers/{type}/{id}', { params, ...initOf(options) }));
    return data.viewers.map(camel);
  }

  /**
   * Who looks at each of up to 100 resources of a type, in one request. Those that are not there, or that the caller may not read, are
   * not in the map.
   */
  async getViewersOfMany(type: string, ids: readonly ResourceId[], options: CallOptions = {}): Promise<Map<string, ResourceViewers>> {
    if (!Array.isArray(ids)) {
      throw invalid('ids', 'must be an array');
    }
    if (ids.length === 0) {
      return new Map();
    }
    const params = { path: { type: segment('type', type) }, query: { id: ids.map((id: ResourceId, i) => segment(`ids[${i}]`, id)) } };
    const { data } = await bodyOf(this.#api.GET('/api/v1/presence/resource-viewers/{type}', { params, ...initOf(options) }));
    return new Map(data.map((one) => [one.resource_id, { viewers: one.viewers.map(camel), total: one.total }]));
  }

  /**
   * Notes that a user no longer looks at a resource, or with `editing` no longer edits a field of it; null is the caller. One with a live subscription to its viewers stays.
   */
  async removeViewer(userId: UserId | null, type: string, id: ResourceId, options: RemoveViewerOptions = {}): Promise<void> {
    const query = {
      ...userField(userId), resource_type: segment('type', type), resource_id: segment('id', id),
      ...(options?.editing !== undefined && { editing: segment('editing', options.editing) }),
    };
    await done(this.#api.DELETE('/api/v1/presence/viewers', { params: { query }, ...initOf(options) }));
  }
}
