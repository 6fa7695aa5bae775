// What is started and not waited for. It is counted, so that one can tell when all effects of a write are in place.

let running = 0;
let idle = [];

/** The number of tasks that are not done. */
export const pending = () => running;

/** Runs an async task without waiting for it. What it throws is logged and touches nobody. */
export async function fireAndForget(name, task) {
  running += 1;
  try {
    await task();
  } catch (error) {
    console.error(`${name}: ${error.message}`);
  } finally {
    running -= 1;
    if (running === 0) settle();
  }
}

function settle() {
  for (const resolve of idle) resolve();
  idle = [];
}

/** Resolves when no task is running. */
export function drained() {
  return running === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve));
}
