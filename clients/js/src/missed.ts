import { bodyOf, type Api, type Schemas } from './api.js';
import type { Message } from './message.js';

/** Events per request; the most that the server gives. */
const pageSize = 200;

/** Reads from the server what sockets missed. */
export class Missed {
  readonly #api: Api;
  #catalog: Promise<Map<string, readonly string[]>> | undefined;

  constructor(api: Api) {
    this.#api = api;
  }

  /** The newest position there is. */
  async latest(signal: AbortSignal): Promise<number> {
    const params = { query: { latest: true } };
    return (await bodyOf(this.#api.GET('/api/v1/events', { params, signal }))).pos;
  }

  /** The events after a position that the caller may read. `pos` says how far the answer is complete. */
  async events(after: number, signal: AbortSignal): Promise<{ data: Message[]; pos: number; last: number }> {
    const params = { query: { after, limit: pageSize } };
    const body = await bodyOf(this.#api.GET('/api/v1/events', { params, signal }));
    return { data: body.data, pos: body.pos, last: body.last_pos };
  }

  /** The unread notifications that follow from events after a position, as the messages that sockets would have carried. */
  async notifications(after: number, signal: AbortSignal): Promise<Message[]> {
    const missed: Schemas['Notification'][] = [];
    let cursor: string | undefined;
    do {
      const page = await this.#inbox(cursor, signal);
      const newer = page.data.filter((n) => n.pos > after);
      missed.push(...newer);
      cursor = newer.length === page.data.length ? page.pagination.next_cursor : '';
    } while (cursor);
    return missed.length === 0 ? [] : this.#pushes(missed, signal);
  }

  #inbox(cursor: string | undefined, signal: AbortSignal): Promise<Schemas['PageNotification']> {
    const query = { unread: true, limit: pageSize, ...(cursor && { cursor }) };
    return bodyOf(this.#api.GET('/api/v1/notifications', { params: { query }, signal }));
  }

  async #pushes(missed: Schemas['Notification'][], signal: AbortSignal): Promise<Message[]> {
    const { data } = await bodyOf(this.#api.GET('/api/v1/notifications/unread-count', { signal }));
    return missed.map((notification) => ({
      id: notification.event_id,
      pos: notification.pos,
      event: 'notification',
      timestamp: notification.created_at,
      actor: { id: notification.actor_id, name: notification.actor_name },
      resource: { type: notification.resource_type, id: notification.resource_id },
      data: { notification, unread_count: data.unread_count },
    }));
  }

  /** The channels that carried a message. */
  async channelsOf(message: Message, signal: AbortSignal): Promise<string[]> {
    const { type, id } = message.resource;
    const own = `${type}:${id}`;
    if (message.direct) { // whatever the catalog says of its name
      return [type === '' ? 'broadcast' : own];
    }
    this.#catalog ??= this.#readCatalog(signal).catch((error: unknown) => {
      this.#catalog = undefined;
      throw error;
    });
    const listed = (await this.#catalog).get(message.event);
    if (listed) {
      const { episode_id: parent = '', owner_id: owner = '' } = message.data as { episode_id?: string; owner_id?: string };
      return listed.map((channel) => channel
        .replace('{resource}', own).replace('{parent}', `episode:${parent}`).replace('{owner}', `user:${owner}`));
    }
    if (type === '') {
      return ['broadcast'];
    }
    // An application's own event about a resource does not tell whether it was for everybody: rather once too often.
    return type === 'room' || type === 'user' ? [own] : [own, 'broadcast'];
  }

  async #readCatalog(signal: AbortSignal): Promise<Map<string, readonly string[]>> {
    const { data } = await bodyOf(this.#api.GET('/api/v1/events/catalog', { signal }));
    return new Map(data.map((type) => [type.name, type.channels]));
  }
}
