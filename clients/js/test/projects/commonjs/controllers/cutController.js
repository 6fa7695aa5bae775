const ActivityService = require('../services/ActivityService');
const NotificationService = require('../services/NotificationService');
const PresenceService = require('../services/PresenceService');
const SocketService = require('../services/SocketService');

const cuts = new Map();

// The calls are not awaited: the answer waits for none of them, and is the same when they fail.
exports.create = async (req, res) => {
  const cut = { id: cuts.size + 1, title: req.body.title };
  cuts.set(cut.id, cut);
  try {
    ActivityService.logActivity({
      userId: req.user.id, action: 'created_cut', resourceType: 'cut', resourceId: cut.id, metadata: { title: cut.title },
    });
    NotificationService.create({ userId: req.user.id, message: `${cut.title} was created`, type: 'cut_created', data: { cutId: cut.id } });
    SocketService.broadcastMessage({ event: 'cut_created', data: cut, timestamp: new Date() });
  } catch (error) {
    console.error('the cut has no log entry', error);
  }
  res.status(201).json(cut);
};

exports.get = async (req, res) => {
  const cut = cuts.get(Number(req.params.id));
  try {
    PresenceService.trackViewer({ userId: req.user.id, resourceType: 'cut', resourceId: cut.id });
  } catch (error) {
    console.error('the viewer is not known', error);
  }
  res.status(200).json({ ...cut, viewers: await PresenceService.getViewers('cut', cut.id, { cacheTTL: 5000 }) });
};
