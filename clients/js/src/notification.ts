import { bodyOf, type Api, type Schemas } from './api.js';

/** A user's ID, the holders of a role, the watchers of a resource, or everybody. */
export type Recipient = string | `role:${Schemas['AccountUser']['role']}` | `watchers:${string}:${string}` | 'all';

export interface NotificationInput {
  /** One recipient or a list. The sender is among them only when named by ID. */
  userId: Recipient | readonly Recipient[];
  /** 1–1,000 characters. */
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
