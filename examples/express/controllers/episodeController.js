'use strict';

const ActivityService = require('../services/ActivityService');
const NotificationService = require('../services/NotificationService');
const PresenceService = require('../services/PresenceService');
const SocketService = require('../services/SocketService');
const Episode = require('../models/Episode');
const User = require('../models/User');

// The episodes are the application's own, and Callboard has a type of that name itself.
const resourceType = 'app.episode';

exports.createEpisode = async (req, res) => {
  const episode = await Episode.create({ title: req.body?.title, createdBy: req.user.id });

  // Fire and forget: nothing here is awaited, so that it neither delays nor fails the request.
  try {
    ActivityService.logActivity({
      userId: req.user.id,
      action: 'created_episode',
      resourceType,
      resourceId: episode.id,
      metadata: { title: episode.title },
    });
    NotificationService.create({
      userId: User.idsExcept(req.user.id),
      type: 'episode_created',
      message: `${req.user.name} created "${episode.title}"`,
      data: { episodeId: episode.id },
    });
    SocketService.broadcastMessage({
      event: 'episode_created',
      data: { episodeId: episode.id, title: episode.title, createdBy: req.user.id },
      timestamp: new Date(),
    });
  } catch (error) {
    console.error('createEpisode:', error.message);
  }

  res.status(201).json({ data: episode, message: 'Episode created successfully' });
};

exports.getEpisode = async (req, res) => {
  const episode = await Episode.findById(req.params.id);
  if (!episode) return res.status(404).json({ error: 'Episode not found' });

  // Who else looks at it is worth a short wait, and no error.
  let viewers = [];
  try {
    PresenceService.trackViewer({ userId: req.user.id, resourceType, resourceId: episode.id });
    viewers = await PresenceService.getViewers(resourceType, episode.id, { cacheTTL: 5000, signal: AbortSignal.timeout(500) });
  } catch (error) {
    console.error('getEpisode:', error.message);
  }

  res.json({ data: episode, viewers });
};

exports.updateEpisode = async (req, res) => {
  const before = await Episode.findById(req.params.id);
  if (!before) return res.status(404).json({ error: 'Episode not found' });
  const episode = await Episode.update(before.id, { title: req.body?.title });

  try {
    ActivityService.logActivity({
      userId: req.user.id,
      action: 'updated_episode',
      resourceType,
      resourceId: episode.id,
      metadata: { changes: { title: { old: before.title, new: episode.title } } },
    });
    if (episode.createdBy !== req.user.id) {
      NotificationService.create({
        userId: episode.createdBy,
        type: 'episode_updated',
        message: `${req.user.name} updated "${episode.title}"`,
        data: { episodeId: episode.id },
      });
    }
    SocketService.broadcastMessage({
      event: 'episode_updated',
      data: { episodeId: episode.id, title: episode.title, updatedBy: req.user.id },
      timestamp: new Date(),
    });
  } catch (error) {
    console.error('updateEpisode:', error.message);
  }

  res.json({ data: episode, message: 'Episode updated successfully' });
};

exports.deleteEpisode = async (req, res) => {
  const episode = await Episode.findById(req.params.id);
  if (!episode) return res.status(404).json({ error: 'Episode not found' });
  await Episode.delete(episode.id);

  try {
    ActivityService.logActivity({
      userId: req.user.id,
      action: 'deleted_episode',
      resourceType,
      resourceId: episode.id,
      metadata: { title: episode.title },
    });
    SocketService.broadcastMessage({
      event: 'episode_deleted',
      data: { episodeId: episode.id, deletedBy: req.user.id },
      timestamp: new Date(),
    });
  } catch (error) {
    console.error('deleteEpisode:', error.message);
  }

  res.json({ message: 'Episode deleted successfully' });
};
