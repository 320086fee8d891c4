interface Waiting {
  readonly due: number;
  readonly order: number;
  readonly act: () => void;
  cancelled: boolean;
}

/**
 * The only time there is: things happen one after another, each when nothing is left to do without
 * time passing. All that happens is noted in one number, so that two runs can be told apart.
 */
export class Scheduler {
  /** What happened so far, in a few words each; only where asked for. */
  readonly story: string[] | undefined;
  /** How many things happened. */
  events = 0;
  #passed = 0;
  #order = 0;
  #fingerprint = 0x811c9dc5;
  /** A heap by time, then by order. */
  readonly #waiting: Waiting[] = [];

  constructor({ isTold = false } = {}) {
    this.story = isTold ? [] : undefined;
  }

  /** Milliseconds since the beginning. */
  get passed(): number {
    return this.#passed;
  }

  get fingerprint(): string {
    return (this.#fingerprint >>> 0).toString(16);
  }

  /** Takes down that this happened. */
  note(what: string): void {
    this.story?.push(`${this.#passed} ${what}`);
    let hash = this.#fingerprint ^ this.#passed;
    for (let at = 0; at < what.length; at += 1) {
      hash = Math.imul(hash ^ what.charCodeAt(at), 0x01000193);
    }
    this.#fingerprint = hash;
  }

  /** Answers how to call it off. */
  in(ms: number, act: () => void): () => void {
    const due = this.#passed + Math.max(0, ms);
    this.#order += 1;
    const waiting: Waiting = { due, order: this.#order, act, cancelled: false };
    this.#push(waiting);
    return () => {
      waiting.cancelled = true;
    };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener('abort', wake);
        cancel();
        resolve();
      };
      const cancel = this.in(ms, wake);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  /** Lets everything happen that is due by then. */
  async runUntil(time: number): Promise<void> {
    await settled();
    for (;;) {
      const next = this.#waiting[0];
      if (next === undefined || next.due > time) break;
      this.#pop();
      if (next.cancelled) continue;
      this.#passed = next.due;
      this.events += 1;
      next.act();
      await settled();
    }
    this.#passed = time;
  }

  #push(one: Waiting): void {
    const heap = this.#waiting;
    let at = heap.length;
    heap.push(one);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above] as Waiting;
      if (!isBefore(one, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = one;
  }

  #pop(): void {
    const heap = this.#waiting;
    const last = heap.pop() as Waiting;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      const right = heap[below + 1];
      if (right !== undefined && isBefore(right, heap[below] as Waiting)) below += 1;
      const child = heap[below] as Waiting;
      if (!isBefore(child, last)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = last;
  }
}

const isBefore = (a: Waiting, b: Waiting): boolean =>
  a.due < b.due || (a.due === b.due && a.order < b.order);

/** Every promise that is settled has been followed when the event loop comes round. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
