// The peer: a board as a team would write it on Express, pg and Socket.IO. It runs in production mode unless told
// otherwise. See README.md for its settings.

import { createServer } from 'node:http';

import express from 'express';
import pg from 'pg';

import { authentication } from './auth.mjs';
import { drained, pending } from './background.mjs';
import { broadcastRoutes } from './broadcast.mjs';
import { episodeRoutes } from './episodes.mjs';
import { answerProblem, unknownRoute } from './problem.mjs';
import { createSchema } from './schema.mjs';
import { ActivityService } from './services/activity.mjs';
import { NotificationService } from './services/notification.mjs';
import { PresenceService } from './services/presence.mjs';
import { SocketService } from './services/socket.mjs';

process.env.NODE_ENV ??= 'production';

const { DATABASE_URL, JWT_SECRET, PORT = '0', PG_POOL = '20' } = process.env;
if (!DATABASE_URL || !JWT_SECRET) throw new Error('set DATABASE_URL and JWT_SECRET');

// Connections stay open: each holds its prepared statements.
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(PG_POOL), idleTimeoutMillis: 0 });
pool.on('error', (error) => console.error(`an idle connection ended: ${error.message}`));

const auth = authentication(JWT_SECRET);
const sockets = new SocketService();
const presence = new PresenceService(sockets);
const services = {
  pool, sockets, presence, activity: new ActivityService(pool), notifications: new NotificationService(pool),
};

const app = express();
app.disable('etag'); // a hash of every answer, which no client here asks for
app.disable('x-powered-by');
app.get('/healthz', (req, res) => res.json({ status: 'ok', pending: pending() }));
app.use('/api', auth.signedIn, express.json());
app.use('/api/v1/episodes', episodeRoutes(services));
app.use('/api/v1/broadcast', broadcastRoutes(services));
app.use(unknownRoute, answerProblem);

const server = createServer({ keepAliveTimeout: 65_000 }, app);
sockets.initialize(server, auth.socket);

// Intake ends first, then what was begun, then what that needs.
async function stop() {
  const closed = sockets.close();
  const hurry = setTimeout(() => server.closeAllConnections(), 5_000);
  await closed;
  clearTimeout(hurry);
  presence.close();
  await drained();
  await pool.end();
}

process.once('SIGTERM', stop);
process.once('SIGINT', stop);

await createSchema(pool);
server.listen(Number(PORT), '127.0.0.1', () => console.log(`Express is at http://127.0.0.1:${server.address().port}`));
