import { Server } from 'socket.io';

import { newID } from '../id.mjs';

const roomName = /^[\w.-]{1,64}:[\w.-]{1,128}$/;
const nothing = { type: '', id: '' };

export class SocketService {
  #io;

  initialize(httpServer, authenticate) {
    this.#io = new Server(httpServer, { perMessageDeflate: false, serveClient: false });
    this.#io.use(authenticate);
    this.#io.on('connection', (socket) => {
      socket.join(`user:${socket.data.user.id}`);
      socket.on('join', (room, done) => this.#join(socket, room, done));
      socket.on('leave', (room) => socket.leave(room));
    });
  }

  /** Sends a message to every client and returns its ID. */
  broadcastMessage(message) {
    return this.#send(this.#io, message);
  }

  sendToUser(userId, message) {
    return this.#send(this.#io.to(`user:${userId}`), message);
  }

  sendToRoom(room, message) {
    return this.#send(this.#io.to(room), message);
  }

  /** Ends all sockets, and with them the HTTP server. */
  close() {
    return this.#io.close();
  }

  #send(target, { event, actor, resource = nothing, data = {} }) {
    const id = newID();
    target.emit(event, { id, event, timestamp: new Date(), actor: { id: actor.id, name: actor.name }, resource, data });
    return id;
  }

  #join(socket, room, done) {
    const allowed = typeof room === 'string' && roomName.test(room) && !room.startsWith('user:');
    if (allowed) socket.join(room);
    if (typeof done === 'function') done({ joined: allowed });
  }
}
