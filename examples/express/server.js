'use strict';

require('./callboard');

const express = require('express');

const episodes = require('./controllers/episodeController');
const { ValidationError } = require('./models/Episode');
const User = require('./models/User');
const tokenFor = require('./token');

const app = express();
app.use(express.json());
app.use((req, res, next) => {
  req.user = User.findByToken(req.get('Authorization')?.replace('Bearer ', ''));
  if (!req.user) return res.status(401).json({ error: 'Sign in first' });
  next();
});

app.get('/callboard-token', (req, res) => res.json({ token: tokenFor(req.user) }));
app.post('/episodes', episodes.createEpisode);
app.get('/episodes/:id', episodes.getEpisode);
app.put('/episodes/:id', episodes.updateEpisode);
app.delete('/episodes/:id', episodes.deleteEpisode);

app.use((error, req, res, next) => {
  if (!(error instanceof ValidationError)) return next(error);
  res.status(400).json({ error: error.message });
});

const server = app.listen(process.env.PORT ?? 3000, '127.0.0.1', (error) => {
  if (error) throw error;
  console.log(`The episodes are at http://127.0.0.1:${server.address().port}`);
});
