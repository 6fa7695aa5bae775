import { bodyOf, type Api, type Schemas } from './api.js';
import { camel, type Camel } from './camel.js';
import { listOf, queryOf, type List, type PageOptions } from './list.js';

export interface ActivityInput {
  /** Default: the caller; with a service token the application itself. Another user needs the admin role or a service token. */
  userId?: string | undefined;
  /** What was done: "approved_cut". 1–64 of letters, digits, _ - . */
  action: string;
  resourceType: string;
  resourceId: string;
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
  async logActivity(input: ActivityInput): Promise<{ id: string }> {
    const { data } = await bodyOf(this.#api.POST('/api/v1/activity', { body: wireOf(input) }));
    this.#logged++;
    return data;
  }

  /** Appends 1–1,000 entries, all or none. The IDs are in the order of the entries. */
  async bulkLogActivity(inputs: readonly ActivityInput[]): Promise<{ ids: string[] }> {
    const body = { entries: inputs.map(wireOf) };
    const { data } = await bodyOf(this.#api.POST('/api/v1/activity/bulk', { body }));
    this.#logged++;
    return data;
  }

  /** What happened to a resource, newest first. */
  async findByResource(type: string, id: string, page: PageOptions = {}): Promise<List<Activity>> {
    return this.#read(async (wait) => {
      const params = { path: { type, id }, query: { ...queryOf(page), ...wait } };
      return listOf(await bodyOf(this.#api.GET('/api/v1/activity/resource/{type}/{id}', { params })), activityOf);
    });
  }

  /** What a user did, newest first. */
  async findByUser(userId: string, page: PageOptions = {}): Promise<List<Activity>> {
    return this.#read(async (wait) => {
      const params = { path: { id: userId }, query: { ...queryOf(page), ...wait } };
      return listOf(await bodyOf(this.#api.GET('/api/v1/activity/user/{id}', { params })), activityOf);
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

function wireOf(input: ActivityInput): Schemas['ActivityEntryBody'] {
  return {
    action: input.action,
    resource_type: input.resourceType,
    resource_id: input.resourceId,
    ...(input.userId !== undefined && { user_id: input.userId }),
    ...(input.resourceName !== undefined && { resource_name: input.resourceName }),
    ...(input.metadata !== undefined && { metadata: input.metadata }),
  };
}

function activityOf(view: Schemas['ActivityView']): Activity {
  return { ...camel(view), metadata: view.metadata as Record<string, unknown> };
}
