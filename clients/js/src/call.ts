/** Told of a call that failed while nobody waited for it. `call` is its name: "ActivityService.logActivity". */
export type OnError = (error: unknown, call: string) => void;

/** The promise of a call that may be left alone: a failure that nobody waits for is reported, and is no unhandled rejection. */
class Call<T> extends Promise<T> {
  #awaited = false;

  /** What follows from it is an ordinary promise. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  static of<T>(pending: Promise<T>, report: (error: unknown) => void): Promise<T> {
    const call = new Call<T>((resolve) => resolve(pending));
    // Not this class's then: what the client itself hangs on the call does not make it awaited.
    void super.prototype.then.call(call, undefined, (error: unknown) => {
      setTimeout(() => call.#awaited || report(error)); // who waits for it has seen it by then
    });
    return call;
  }

  /** Also what `await`, `catch`, `finally` and `Promise.all` go through. */
  override then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null, rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#awaited = true;
    return super.then(fulfilled, rejected);
  }
}

/** Returns the promise of a call that may be left alone. */
export function mayBeLeft<T>(pending: Promise<T>, call: string, onError: OnError = log): Promise<T> {
  return Call.of(pending, (error) => {
    try {
      onError(error, call);
    } catch (broken) {
      log(broken, 'onError');
    }
  });
}

/** Makes all calls of a service safe to be left alone, and to be taken off it: `const { logActivity } = service`. */
export function detachable<T extends object>(name: string, service: T, onError: OnError | undefined): T {
  for (const [method, call] of methodsOf(service)) {
    const value = (...args: unknown[]): unknown => {
      const result: unknown = Reflect.apply(call, service, args);
      return result instanceof Promise ? mayBeLeft(result, `${name}.${method}`, onError) : result;
    };
    Object.defineProperty(service, method, { value, writable: true, configurable: true });
  }
  return service;
}

/** Returns the methods of an object, inherited ones too. */
function methodsOf(service: object): Map<string, (...args: unknown[]) => unknown> {
  const parent = Object.getPrototypeOf(service) as object | null;
  if (parent === null || parent === Object.prototype) {
    return new Map();
  }
  const methods = methodsOf(parent);
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(parent))) {
    if (name !== 'constructor' && typeof value === 'function') {
      methods.set(name, value as (...args: unknown[]) => unknown);
    }
  }
  return methods;
}

/** Writes a failure to the console. */
export function log(error: unknown, call: string): void {
  console.error(`callboard: ${call} failed: ${error instanceof Error ? error.message : String(error)}`);
}
