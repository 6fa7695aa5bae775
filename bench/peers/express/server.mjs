// The peer: a board as a team would write it on Express 5, pg and Socket.IO 4, which answers once the episode is inserted and does
// not wait for what follows. GET /healthz tells how many of those tasks are pending. For speed it has what such a team would use:
// production mode, pooled connections, prepared statements, UUIDv7 keys, an index for each read, keep-alive, no ETags.

import { createServer } from 'node:http';

import express from 'express';
import pg from 'pg';

import { episodeRoutes } from './episodes.mjs';
import { allow, answerProblem, authentication } from './http.mjs';
import { createSchema } from './schema.mjs';
import { ActivityService, NotificationService, pending, PresenceService, SocketService } from './services.mjs';

const { DATABASE_URL, JWT_SECRET } = process.env;

// Connections stay open: each holds its prepared statements.
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 20, idleTimeoutMillis: 0 });
pool.on('error', (error) => console.error(`an idle connection ended: ${error.message}`));

const auth = authentication(JWT_SECRET);
const sockets = new SocketService();
const services = {
  pool, sockets, presence: new PresenceService(sockets), activity: new ActivityService(pool), notifications: new NotificationService(pool),
};

const app = express();
app.disable('etag'); // a hash of every answer, which no client here asks for
app.disable('x-powered-by');
app.get('/healthz', (req, res) => res.json({ status: 'ok', pending: pending() }));
app.use('/api', auth.signedIn, express.json());
app.use('/api/v1/episodes', episodeRoutes(services));
app.post('/api/v1/broadcast', allow('admin'), (req, res) => { // sends a message to all and does nothing else
  const { event, data } = req.body;
  res.status(202).json({ data: { id: sockets.send({ event, actor: req.user, data }) } });
});
app.use(answerProblem);

const server = createServer({ keepAliveTimeout: 65_000 }, app);
sockets.initialize(server, auth.socket);

process.once('SIGTERM', () => process.exit());

await createSchema(pool);
server.listen(0, '127.0.0.1', () => console.log(`Express is at http://127.0.0.1:${server.address().port}`));
