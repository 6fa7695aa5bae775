import { newID } from '../id.mjs';

const insert = {
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
      ...insert,
      values: [newID(), user.id, user.name, action, resourceType, resourceId, resourceName, JSON.stringify(metadata), new Date()],
    });
  }
}
