/** An error that the caller may see. */
export class Problem extends Error {
  constructor(status, message, fields) {
    super(message);
    this.status = status;
    this.fields = fields;
  }
}

/** Middleware: answers what no route took. */
export function unknownRoute(req) {
  throw new Problem(404, `There is no ${req.method} ${req.path}`);
}

/** The last middleware: answers errors. Express needs all four parameters to know it as one. */
export function answerProblem(error, req, res, next) {
  if (res.headersSent) return next(error);
  const status = error.status ?? 500; // express.json sets a status too
  if (status >= 500) console.error(error);
  const message = status < 500 ? error.message : 'Internal error';
  res.status(status).json({ error: { message, fields: error.fields } });
}
