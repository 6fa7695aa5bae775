import { newID } from '../id.mjs';

// One row per recipient. Arrays keep it one prepared statement, however many they are.
const insert = {
  name: 'notifications_insert',
  text: `INSERT INTO notifications (id, user_id, type, message, data, created_at)
    SELECT r.id, r.user_id, $3, $4, $5, $6 FROM unnest($1::uuid[], $2::uuid[]) AS r (id, user_id)`,
};

const userListAge = 60_000;

export class NotificationService {
  #pool;
  #users;
  #usersUntil = 0;

  constructor(pool) {
    this.#pool = pool;
  }

  /** Notifies all users with one of the roles, but not the actor. */
  async notifyRoles({ roles, actor, type, message, data }) {
    const users = await this.#allUsers();
    const recipients = users.filter((user) => roles.includes(user.role) && user.id !== actor.id);
    if (recipients.length > 0) await this.create({ userIds: recipients.map((user) => user.id), type, message, data });
  }

  async create({ userIds, type, message, data = {} }) {
    await this.#pool.query({
      ...insert,
      values: [userIds.map(newID), userIds, type, message, JSON.stringify(data), new Date()],
    });
  }

  // The promise is kept, not its result, so that a burst on an old list asks once.
  #allUsers() {
    if (Date.now() > this.#usersUntil) {
      this.#usersUntil = Date.now() + userListAge;
      this.#users = this.#readUsers();
    }
    return this.#users;
  }

  async #readUsers() {
    try {
      const { rows } = await this.#pool.query('SELECT id, role FROM users');
      return rows;
    } catch (error) {
      this.#usersUntil = 0;
      throw error;
    }
  }
}
