jest.mock('../services/ActivityService');
jest.mock('../services/NotificationService');
jest.mock('../services/PresenceService');
jest.mock('../services/SocketService');

const ActivityService = require('../services/ActivityService');
const NotificationService = require('../services/NotificationService');
const PresenceService = require('../services/PresenceService');
const SocketService = require('../services/SocketService');
const controller = require('./cutController');

const response = () => {
  const res = {};
  res.status = jest.fn(() => res);
  res.json = jest.fn(() => res);
  return res;
};

beforeEach(() => jest.clearAllMocks());

test('creating a cut logs, notifies and broadcasts it', async () => {
  const res = response();
  await controller.create({ user: { id: 42 }, body: { title: 'Rough cut' } }, res);

  expect(res.status).toHaveBeenCalledWith(201);
  expect(ActivityService.logActivity).toHaveBeenCalledWith({
    userId: 42, action: 'created_cut', resourceType: 'cut', resourceId: 1, metadata: { title: 'Rough cut' },
  });
  expect(NotificationService.create).toHaveBeenCalledWith(expect.objectContaining({ userId: 42, type: 'cut_created' }));
  expect(SocketService.broadcastMessage).toHaveBeenCalledWith(expect.objectContaining({ event: 'cut_created' }));
});

test('a service that fails does not fail the request', async () => {
  ActivityService.logActivity.mockImplementation(() => {
    throw new Error('down');
  });
  const logged = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const res = response();
  await controller.create({ user: { id: 42 }, body: { title: 'Fine cut' } }, res);

  expect(res.status).toHaveBeenCalledWith(201);
  expect(logged).toHaveBeenCalled();
});

test('reading a cut tracks who looks at it', async () => {
  PresenceService.getViewers.mockResolvedValue([{ userId: '42', name: 'Vic', since: '2026-01-05T10:00:00Z' }]);
  const res = response();
  await controller.get({ user: { id: 42 }, params: { id: '1' } }, res);

  expect(PresenceService.trackViewer).toHaveBeenCalledWith({ userId: 42, resourceType: 'cut', resourceId: 1 });
  expect(res.json).toHaveBeenCalledWith(expect.objectContaining({ viewers: [expect.objectContaining({ name: 'Vic' })] }));
});
