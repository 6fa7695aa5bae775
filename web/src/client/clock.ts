/** How far the clock of this machine is off, in milliseconds: what the server says of the time counts. */
let off = 0;

const exact = 60_000; // ms: below that the way of an answer and whole seconds are all there is

/** Notes what an answer says of the time. */
export function heardTime(response: Response): void {
  const at = Date.parse(response.headers.get('Date') ?? '');
  if (!Number.isNaN(at)) {
    const difference = at - Date.now();
    off = Math.abs(difference) > exact ? difference : 0;
  }
}

/** The time as the server has it, in milliseconds: what it says when something happened is held against that. */
export function serverNow(): number {
  return Date.now() + off;
}
