/** Who needs which channel, so that a subscription ends with the last of them. */
export class Claims {
  readonly #holders = new Map<string, Set<object>>();

  add(channel: string, holder: object): void {
    const holders = this.#holders.get(channel) ?? new Set();
    this.#holders.set(channel, holders.add(holder));
  }

  /** Takes a claim away, and returns whether nobody needs the channel now. */
  remove(channel: string, holder: object): boolean {
    const holders = this.#holders.get(channel);
    if (!holders?.delete(holder) || holders.size > 0) {
      return false;
    }
    this.#holders.delete(channel);
    return true;
  }

  /** Forgets a channel that is not heard any more. */
  clear(channel: string): void {
    this.#holders.delete(channel);
  }
}
