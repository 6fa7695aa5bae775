import { bodyOf, initOf, type Api, type CallOptions, type Schemas } from './api.js';
import { camel, type Camel } from './camel.js';
import { checkObject, idText, invalid, segment, timeText, userText, type ResourceId, type UserId } from './check.js';

/** A user's ID, the holders of a role, a group, the watchers of a resource, or everybody. */
export type Recipient = UserId | `role:${string}` | `group:${string}` | `watchers:${string}:${string}` | 'all';

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
  resourceId?: ResourceId | undefined;
  /** When it disappears by itself; text is RFC 3339, a number milliseconds. */
  expiresAt?: Date | string | number | undefined;
}

/** An entry of the caller's inbox. */
export type InboxEntry = Omit<Camel<Schemas['Notification']>, 'data'> & { data: Record<string, unknown> };

/** What became of an event for a user, step by step. */
export type Why = Camel<Schemas['NotificationWhy']>;

export class NotificationService {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /**
   * Sends a notification. Resolves once it is durable, to the ID of the event behind it; the inboxes follow a moment later.
   * Needs the admin role or a service token.
   */
  async create(input: NotificationInput, options: CallOptions = {}): Promise<{ id: string }> {
    const { data } = await bodyOf(this.#api.POST('/api/v1/notifications', { body: wireOf(input), ...initOf(options) }));
    return data;
  }

  /** Marks an entry of the caller's inbox as read. All of the user's connections get the new `unread_count`. */
  async markAsRead(id: string, options: CallOptions = {}): Promise<InboxEntry> {
    const init = { params: { path: { id: segment('id', id) } }, ...initOf(options) };
    const { data } = await bodyOf(this.#api.POST('/api/v1/notifications/{id}/read', init));
    return entryOf(data);
  }

  /** Marks an entry as not read. One that is archived comes back to the inbox. Otherwise like markAsRead. */
  async markAsUnread(id: string, options: CallOptions = {}): Promise<InboxEntry> {
    const init = { params: { path: { id: segment('id', id) } }, ...initOf(options) };
    const { data } = await bodyOf(this.#api.POST('/api/v1/notifications/{id}/unread', init));
    return entryOf(data);
  }

  /**
   * Marks, archives or deletes up to 200 entries of the caller's inbox at once; those that are not there are passed over. Resolves to how many there
   * are. All of the user's connections get the new `unread_count`.
   */
  async changeMany(
    change: Schemas['NotificationChangeInputBody']['change'], ids: readonly string[], options: CallOptions = {},
  ): Promise<{ changed: number }> {
    if (!Array.isArray(ids)) {
      throw invalid('ids', 'must be an array');
    }
    if (ids.length === 0) {
      return { changed: 0 };
    }
    const { data } = await bodyOf(this.#api.POST('/api/v1/notifications/change', { body: { change, ids: [...ids] }, ...initOf(options) }));
    return data;
  }

  /** Tells why the caller got an entry of the own inbox. */
  async why(id: string, options: CallOptions = {}): Promise<Why> {
    const init = { params: { path: { id: segment('id', id) } }, ...initOf(options) };
    const { data } = await bodyOf(this.#api.GET('/api/v1/notifications/{id}/why', init));
    return camel(data);
  }

  /**
   * Tells what became of an event for a user: who was notified of it, and who was not. Default: the caller; another user needs the admin role or a
   * service token.
   */
  async whyEvent(eventId: string, { userId, ...options }: CallOptions & { userId?: UserId | undefined } = {}): Promise<Why> {
    const query = userId === undefined ? {} : { user: userText(userId) };
    const init = { params: { path: { id: segment('eventId', eventId) }, query }, ...initOf(options) };
    const { data } = await bodyOf(this.#api.GET('/api/v1/events/{id}/why', init));
    return camel(data);
  }
}

function entryOf(view: Schemas['Notification']): InboxEntry {
  return { ...camel(view), data: view.data as Record<string, unknown> };
}

function wireOf(input: NotificationInput): Schemas['NotificationCreateInputBody'] {
  checkObject('input', input);
  return {
    user_id: recipients(input.userId),
    message: input.message,
    type: input.type,
    ...(input.data !== undefined && { data: input.data }),
    ...(input.priority !== undefined && { priority: input.priority }),
    ...(input.resourceType !== undefined && { resource_type: input.resourceType }),
    ...(input.resourceId !== undefined && { resource_id: idText(input.resourceId) }),
    ...(input.expiresAt !== undefined && { expires_at: timeText('expiresAt', input.expiresAt) }),
  };
}

function recipients(userId: NotificationInput['userId']): string | string[] {
  const list = Array.isArray(userId) ? userId.map(userText) : [userText(userId as Recipient)];
  if (list.length === 0 || !list.every((recipient) => typeof recipient === 'string')) {
    throw invalid('userId', "must be a user's ID, role:<role>, group:<name>, watchers:<type>:<id>, all, or a list of these");
  }
  return Array.isArray(userId) ? list : list[0]!;
}
