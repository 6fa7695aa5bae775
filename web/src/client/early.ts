/** Answers to reads that began before the scripts were there that ask for them, by address. */
const begun = new Map<string, Promise<Response>>();

/** However the parameters are ordered and written. */
function keyOf(address: string): string {
  const url = new URL(address, document.baseURI);
  url.searchParams.sort();
  return url.href;
}

/** Begins a read. The path is that of the API below the base of the page. */
export function readEarly(path: string): void {
  const answer = fetch(new URL(path, document.baseURI));
  answer.catch(() => undefined); // whoever asks for it hears of it
  begun.set(keyOf(path), answer);
}

/** The answer to a read that has begun; it is given once. */
export function takeEarly(request: RequestInfo | URL): Promise<Response> | undefined {
  if (begun.size === 0 || !(request instanceof Request) || request.method !== 'GET') {
    return undefined;
  }
  const key = keyOf(request.url);
  const answer = begun.get(key);
  begun.delete(key);
  return answer;
}
