import { Router } from 'express';

import { allow, checkEpisode, Problem } from './http.mjs';
import { fireAndForget, newID } from './services.mjs';

const insert = {
  name: 'episode_insert',
  text: `INSERT INTO episodes
    (id, title, description, season_number, episode_number, status, version, created_by, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
};

const select = { name: 'episode_select', text: 'SELECT * FROM episodes WHERE id = $1' };

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The routes of episodes. */
export function episodeRoutes({ pool, activity, notifications, presence, sockets }) {
  const routes = Router();

  routes.post('/', allow('admin', 'editor'), async (req, res) => {
    checkEpisode(req.body);
    const episode = newEpisode(req.body, req.user);
    await pool.query({ ...insert, values: Object.values(episode) }); // its fields are in the order of the columns
    res.status(201).json({ data: episode });
    tellOfCreation({ activity, notifications, sockets }, episode, req.user);
  });

  routes.get('/:id', async (req, res) => {
    const { id } = req.params;
    const { rows } = uuid.test(id) ? await pool.query({ ...select, values: [id] }) : { rows: [] };
    if (rows.length === 0) throw new Problem(404, 'There is no such episode');
    presence.trackViewer({ user: req.user, resourceType: 'episode', resourceId: id });
    res.json({ data: rows[0], viewers: presence.getViewers('episode', id) });
  });

  return routes;
}

function newEpisode({ title, description = null, season_number = null, episode_number = null }, user) {
  const now = new Date();
  return {
    id: newID(), title, description, season_number, episode_number, status: 'draft', version: 1,
    created_by: user.id, created_at: now, updated_at: now,
  };
}

// What follows from a creation is not waited for, and a failure of it touches nobody.
function tellOfCreation({ activity, notifications, sockets }, episode, actor) {
  const { id, title, status, season_number, version } = episode;
  fireAndForget('activity', () => activity.logActivity({
    user: actor, action: 'created_episode', resourceType: 'episode', resourceId: id, resourceName: title,
    metadata: { status, season_number },
  }));
  fireAndForget('notification', () => notifications.notifyRoles({
    roles: ['admin', 'editor'], actor, type: 'episode_created', message: `${actor.name} created ${title}`,
    data: { resource_type: 'episode', resource_id: id },
  }));
  fireAndForget('broadcast', async () => sockets.send({
    event: 'episode_created', actor, resource: { type: 'episode', id }, data: { title, status, season_number, version },
  }));
}
