import { Router } from 'express';

import { allow } from './auth.mjs';
import { check, messageFields } from './validation.mjs';

/** The route that sends a message to all and does nothing else. */
export function broadcastRoutes({ sockets }) {
  const routes = Router();
  routes.post('/', allow('admin'), (req, res) => {
    check(messageFields, req.body);
    const { event, data } = req.body;
    res.status(202).json({ data: { id: sockets.broadcastMessage({ event, actor: req.user, data }) } });
  });
  return routes;
}
