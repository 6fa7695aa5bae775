import { bodyOf, initOf, type Api, type CallOptions, type Schemas } from './api.js';
import { camel, type Camel } from './camel.js';
import { checkObject, idText, invalid, segment, userField, userText, type ResourceId, type UserId } from './check.js';
import { listOf, queryOf, type List, type PageOptions } from './list.js';

export interface ActivityInput {
  /**
   * Who did it. Left out or null: the caller; with a service token the application itself. Another user needs the admin role or a
   * service token. Undefined is refused, so that nobody is named by mistake.
   */
  userId?: UserId | null;
  /** What was done: "approved_cut". 1–64 of letters, digits, _ - . */
  action: string;
  resourceType: string;
  resourceId: ResourceId;
  resourceName?: string | undefined;
  /** At most 16 KB of JSON. */
  metadata?: Record<string, unknown> | undefined;
}

/** An entry of the log. */
export type Activity = Omit<Camel<Schemas['ActivityView']>, 'metadata'> & { metadata: Record<string, unknown> };

export class ActivityService {
  readonly #api: Api;
  /** How often something was logged, and how much of that the log has as far as we know. */
  #logged = 0;
  #seen = 0;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Appends one entry. Resolves once it is durable, to the ID of the event behind it. */
  async logActivity(input: ActivityInput, options: CallOptions = {}): Promise<{ id: string }> {
    const { data } = await bodyOf(this.#api.POST('/api/v1/activity', { body: wireOf(input), ...initOf(options) }));
    this.#logged++;
    return data;
  }

  /** Appends up to 1,000 entries, all or none. The IDs are in the order of the entries. */
  async bulkLogActivity(inputs: readonly ActivityInput[], options: CallOptions = {}): Promise<{ ids: string[] }> {
    if (!Array.isArray(inputs)) {
      throw invalid('entries', 'must be an array');
    }
    if (inputs.length === 0) {
      return { ids: [] };
    }
    const body = { entries: inputs.map((input, i) => wireOf(input, `entries[${i}]`)) };
    const { data } = await bodyOf(this.#api.POST('/api/v1/activity/bulk', { body, ...initOf(options) }));
    this.#logged++;
    return data;
  }

  /** What happened to a resource, newest first. */
  async findByResource(type: string, id: ResourceId, page: PageOptions = {}): Promise<List<Activity>> {
    const path = { type: segment('type', type), id: segment('id', id) };
    return this.#read(async (wait) => {
      const init = { params: { path, query: { ...queryOf(page), ...wait } }, ...initOf(page) };
      return listOf(await bodyOf(this.#api.GET('/api/v1/activity/resource/{type}/{id}', init)), activityOf);
    });
  }

  /** What a user did, newest first. */
  async findByUser(userId: UserId, page: PageOptions = {}): Promise<List<Activity>> {
    const path = { id: segment('userId', userText(userId)) };
    return this.#read(async (wait) => {
      const init = { params: { path, query: { ...queryOf(page), ...wait } }, ...initOf(page) };
      return listOf(await bodyOf(this.#api.GET('/api/v1/activity/user/{id}', init), 'userId'), activityOf);
    });
  }

  /** Reads, and has the server wait for the log, a second at most, when something was logged since: so we read our own writes. */
  async #read<T>(load: (wait: { wait?: true }) => Promise<T>): Promise<T> {
    const logged = this.#logged;
    const result = await load(logged > this.#seen ? { wait: true } : {});
    this.#seen = Math.max(this.#seen, logged);
    return result;
  }
}

function wireOf(input: ActivityInput, field = 'input'): Schemas['ActivityEntryBody'] {
  checkObject(field, input);
  return {
    action: input.action,
    resource_type: input.resourceType,
    resource_id: idText(input.resourceId),
    ...('userId' in input && userField(input.userId)),
    ...(input.resourceName !== undefined && { resource_name: input.resourceName }),
    ...(input.metadata !== undefined && { metadata: input.metadata }),
  };
}

function activityOf(view: Schemas['ActivityView']): Activity {
  return { ...camel(view), metadata: view.metadata as Record<string, unknown> };
}
