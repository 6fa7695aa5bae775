import { bodyOf, type Api, type Schemas } from './api.js';
import { camel, type Camel } from './camel.js';

/** A user's ID, the holders of a role, the watchers of a resource, or everybody. */
export type Recipient = string | `role:${Schemas['AccountUser']['role']}` | `watchers:${string}:${string}` | 'all';

export interface NotificationInput {
  /** One recipient or a list. The sender is among them only when named by ID. */
  userId: Recipient | readonly Recipient[];
  /** 1–1,000 characters, at least one of which can be seen. */
  message: string;
  /** Your own name for the kind of notification; users can mute each kind. */
  type: string;
  /** At most 16 KB of JSON. */
  data?: Record<string, unknown> | undefined;
  /** Default: normal. Urgent ones are pushed in quiet hours too. */
  priority?: Schemas['Notification']['priority'] | undefined;
  resourceType?: string | undefined;
  resourceId?: string | undefined;
  /** When it disappears by itself. */
  expiresAt?: Date | undefined;
}

/** An entry of the caller's inbox. */
export type InboxEntry = Omit<Camel<Schemas['Notification']>, 'data'> & { data: Record<string, unknown> };

export class NotificationService {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /**
   * Sends a notification. Resolves once it is durable, to the ID of the event behind it; the inboxes follow a moment later.
   * Needs the admin role or a service token.
   */
  async create(input: NotificationInput): Promise<{ id: string }> {
    const { data } = await bodyOf(this.#api.POST('/api/v1/notifications', { body: wireOf(input) }));
    return data;
  }

  /** Marks an entry of the caller's inbox as read. All of the user's connections get the new `unread_count`. */
  async markAsRead(id: string): Promise<InboxEntry> {
    const { data } = await bodyOf(this.#api.POST('/api/v1/notifications/{id}/read', { params: { path: { id } } }));
    return entryOf(data);
  }

  /** Marks an entry as not read. One that is archived comes back to the inbox. Otherwise like markAsRead. */
  async markAsUnread(id: string): Promise<InboxEntry> {
    const { data } = await bodyOf(this.#api.POST('/api/v1/notifications/{id}/unread', { params: { path: { id } } }));
    return entryOf(data);
  }
}

function entryOf(view: Schemas['Notification']): InboxEntry {
  return { ...camel(view), data: view.data as Record<string, unknown> };
}

function wireOf(input: NotificationInput): Schemas['NotificationCreateInputBody'] {
  return {
    user_id: typeof input.userId === 'string' ? input.userId : [...input.userId],
    message: input.message,
    type: input.type,
    ...(input.data !== undefined && { data: input.data }),
    ...(input.priority !== undefined && { priority: input.priority }),
    ...(input.resourceType !== undefined && { resource_type: input.resourceType }),
    ...(input.resourceId !== undefined && { resource_id: input.resourceId }),
    ...(input.expiresAt !== undefined && { expires_at: input.expiresAt.toISOString() }),
  };
}
