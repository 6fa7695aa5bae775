import { randomUUID } from 'node:crypto';

import { Server } from 'socket.io';

let running = 0;

/** The number of tasks that were started and are not done. */
export const pending = () => running;

/** Runs an async task without waiting for it. What it throws is logged and touches nobody. */
export async function fireAndForget(name, task) {
  running += 1;
  try {
    await task();
  } catch (error) {
    console.error(`${name}: ${error.message}`);
  } finally {
    running -= 1;
  }
}

/** Returns a UUIDv7. It begins with the time, so new rows go to the end of their indexes. */
export function newID() {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

const activityInsert = {
  name: 'activity_insert',
  text: `INSERT INTO activity (id, user_id, user_name, action, resource_type, resource_id, resource_name, metadata, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
};

export class ActivityService {
  #pool;

  constructor(pool) {
    this.#pool = pool;
  }

  async logActivity({ user, action, resourceType, resourceId, resourceName, metadata = {} }) {
    await this.#pool.query({
      ...activityInsert,
      values: [newID(), user.id, user.name, action, resourceType, resourceId, resourceName, JSON.stringify(metadata), new Date()],
    });
  }
}

// One row per recipient. Arrays keep it one prepared statement, however many they are.
const notificationsInsert = {
  name: 'notifications_insert',
  text: `INSERT INTO notifications (id, user_id, type, message, data, created_at)
    SELECT r.id, r.user_id, $3, $4, $5, $6 FROM unnest($1::uuid[], $2::uuid[]) AS r (id, user_id)`,
};

const userListAge = 60_000;

export class NotificationService {
  #pool;
  #users; // a promise, so that a burst on an old list asks once
  #usersUntil = 0;

  constructor(pool) {
    this.#pool = pool;
  }

  /** Notifies all users with one of the roles, but not the actor. */
  async notifyRoles({ roles, actor, type, message, data }) {
    if (Date.now() > this.#usersUntil) {
      this.#usersUntil = Date.now() + userListAge;
      this.#users = this.#pool.query('SELECT id, role FROM users');
      this.#users.catch(() => { this.#usersUntil = 0; });
    }
    const { rows } = await this.#users;
    const userIds = rows.filter((user) => roles.includes(user.role) && user.id !== actor.id).map((user) => user.id);
    await this.#pool.query({
      ...notificationsInsert, values: [userIds.map(newID), userIds, type, message, JSON.stringify(data), new Date()],
    });
  }
}

const ttl = 60_000;

/** Who looks at what, in memory. */
export class PresenceService {
  #sockets;
  #resources = new Map(); // "episode:<id>" → user ID → viewer

  constructor(sockets) {
    this.#sockets = sockets;
  }

  /** Notes that user looks at the resource now. Those in its room hear of the first time. */
  trackViewer({ user, resourceType, resourceId }) {
    const room = `${resourceType}:${resourceId}`;
    if (!this.#resources.has(room)) this.#resources.set(room, new Map());
    const viewers = this.#resources.get(room);
    const known = viewers.get(user.id);
    const now = Date.now();
    if (known && known.until > now) {
      known.until = now + ttl;
      return;
    }
    viewers.set(user.id, { user, since: new Date(now), until: now + ttl });
    this.#tell(room, 'viewer_joined', user);
  }

  getViewers(resourceType, resourceId) {
    const now = Date.now();
    const list = [];
    for (const { user, since, until } of this.#resources.get(`${resourceType}:${resourceId}`)?.values() ?? []) {
      if (until > now) list.push({ user_id: user.id, name: user.name, since });
    }
    return list;
  }

  #tell(room, event, user) {
    const [type, id] = room.split(':');
    this.#sockets.send({ room, event, actor: user, resource: { type, id }, data: { user_id: user.id, name: user.name } });
  }
}

export class SocketService {
  #io;

  initialize(httpServer, authenticate) {
    this.#io = new Server(httpServer, { perMessageDeflate: false, serveClient: false });
    this.#io.use(authenticate);
    this.#io.on('connection', (socket) => {
      socket.join(`user:${socket.data.user.id}`);
      socket.on('join', (room) => room.startsWith('user:') || socket.join(room));
    });
  }

  /** Sends a message to every client, or to a room, and returns its ID. */
  send({ room, event, actor, resource = { type: '', id: '' }, data = {} }) {
    const id = newID();
    const target = room ? this.#io.to(room) : this.#io;
    target.emit(event, { id, event, timestamp: new Date(), actor: { id: actor.id, name: actor.name }, resource, data });
    return id;
  }
}
