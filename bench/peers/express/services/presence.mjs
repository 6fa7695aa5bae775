const ttl = 60_000;
const sweepInterval = 10_000;

/** Who looks at what, in memory. */
export class PresenceService {
  #sockets;
  #resources = new Map(); // "episode:<id>" → user ID → viewer
  #sweeper = setInterval(() => this.#sweep(), sweepInterval).unref();

  constructor(sockets) {
    this.#sockets = sockets;
  }

  /** Notes that user looks at the resource now. Those in its room hear of the first time. */
  trackViewer({ user, resourceType, resourceId }) {
    const room = `${resourceType}:${resourceId}`;
    const viewers = this.#viewersOf(room);
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
    const viewers = this.#resources.get(`${resourceType}:${resourceId}`);
    if (!viewers) return [];
    const now = Date.now();
    const list = [];
    for (const { user, since, until } of viewers.values()) {
      if (until > now) list.push({ user_id: user.id, name: user.name, since });
    }
    return list;
  }

  close() {
    clearInterval(this.#sweeper);
  }

  #viewersOf(room) {
    let viewers = this.#resources.get(room);
    if (!viewers) this.#resources.set(room, (viewers = new Map()));
    return viewers;
  }

  #sweep() {
    const now = Date.now();
    for (const [room, viewers] of this.#resources) {
      for (const [id, { user, until }] of viewers) {
        if (until > now) continue;
        viewers.delete(id);
        this.#tell(room, 'viewer_left', user);
      }
      if (viewers.size === 0) this.#resources.delete(room);
    }
  }

  #tell(room, event, user) {
    const [type, id] = room.split(':');
    const data = { user_id: user.id, name: user.name };
    this.#sockets.sendToRoom(room, { event, actor: user, resource: { type, id }, data });
  }
}
