import { bodyOf, type Api, type Schemas } from './api.js';
import { camel, type Camel } from './camel.js';
import { listOf, queryOf, type List, type PageOptions } from './list.js';

export interface ActivityInput {
  /** Default: the caller. Another user needs the admin role or a service token. */
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

  constructor(api: Api) {
    this.#api = api;
  }

  /** Appends one entry. Resolves once it is durable, to the ID of the event behind it. */
  async logActivity(input: ActivityInput): Promise<{ id: string }> {
    const { data } = await bodyOf(this.#api.POST('/api/v1/activity', { body: wireOf(input) }));
    return data;
  }

  /** Appends 1–1,000 entries, all or none. The IDs are in the order of the entries. */
  async bulkLogActivity(inputs: readonly ActivityInput[]): Promise<{ ids: string[] }> {
    const body = { entries: inputs.map(wireOf) };
    const { data } = await bodyOf(this.#api.POST('/api/v1/activity/bulk', { body }));
    return data;
  }

  /** What happened to a resource, newest first. */
  async findByResource(type: string, id: string, page: PageOptions = {}): Promise<List<Activity>> {
    const params = { path: { type, id }, query: queryOf(page) };
    return listOf(await bodyOf(this.#api.GET('/api/v1/activity/resource/{type}/{id}', { params })), activityOf);
  }

  /** What a user did, newest first. */
  async findByUser(userId: string, page: PageOptions = {}): Promise<List<Activity>> {
    const params = { path: { id: userId }, query: queryOf(page) };
    return listOf(await bodyOf(this.#api.GET('/api/v1/activity/user/{id}', { params })), activityOf);
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
