/**
 * What was loaded or stored last, so that a round that looks at the same nodes again and again asks the
 * database once. Holds at most `limit` of them, and forgets half of them at once: those that nobody asked for since the
 * other half came. (One by one, a Map passes over all that were forgotten before.) 0: none, for one who reads beside a writer.
 */
export class Recent<K, V> {
  readonly #half: number;
  #newer = new Map<K, V>();
  #older = new Map<K, V>();

  constructor(limit: number) {
    this.#half = limit / 2;
  }

  get(key: K, load: (key: K) => V): V {
    const value = this.#newer.get(key);
    if (value !== undefined || this.#newer.has(key)) return value as V;
    const older = this.#older.get(key);
    const found = older !== undefined || this.#older.has(key) ? (older as V) : load(key);
    this.set(key, found);
    return found;
  }

  set(key: K, value: V): void {
    if (this.#half === 0) return;
    if (this.#newer.size >= this.#half && !this.#newer.has(key)) {
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    this.#newer.set(key, value);
  }

  /** After a transaction that was taken back: what was set in it is not so. */
  clear(): void {
    this.#newer.clear();
    this.#older.clear();
  }
}
