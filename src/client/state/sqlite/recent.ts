/**
 * What was loaded or stored last, so that a round that looks at the same nodes again and again asks the
 * database once. Holds at most `limit` of them, and forgets the one that came first; 0: none, for
 * one who reads beside a writer.
 */
export class Recent<K, V> {
  readonly #limit: number;
  readonly #values = new Map<K, V>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: K, load: (key: K) => V): V {
    const value = this.#values.get(key);
    if (value !== undefined || this.#values.has(key)) return value as V;
    const loaded = load(key);
    this.set(key, loaded);
    return loaded;
  }

  set(key: K, value: V): void {
    if (this.#limit === 0) return;
    if (!this.#values.has(key) && this.#values.size >= this.#limit) this.#forgetFirst();
    this.#values.set(key, value);
  }

  /** After a transaction that was taken back: what was set in it is not so. */
  clear(): void {
    this.#values.clear();
  }

  #forgetFirst(): void {
    for (const key of this.#values.keys()) {
      this.#values.delete(key);
      return;
    }
  }
}
