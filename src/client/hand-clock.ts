import type { Clock } from './ports.ts';

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/** A clock that stands still until somebody moves it on. */
export class HandClock implements Clock {
  /**
   * Time that passed, which sleeps are measured in; the time of day is apart from it, as it may
   * jump.
   */
  #passed = 0;
  #zero: number;
  readonly #sleepers = new Set<Sleeper>();

  constructor(now = 0) {
    this.#zero = now;
  }

  /** How many sleep now. */
  get sleepers(): number {
    return this.#sleepers.size;
  }

  now(): number {
    return this.#zero + this.#passed;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { due: this.#passed + ms, wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  /**
   * Lets time pass. Those whose time comes wake one after the other, in their order; each may do
   * what it can without waiting for the world, and sleep again, before the next one wakes.
   */
  async advance(ms: number): Promise<void> {
    const until = this.#passed + ms;
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      this.#passed = next.due;
      next.wake();
      await settled();
    }
    this.#passed = until;
  }

  /** Sets the time of day forwards or back, as a person does; no time passes and nobody wakes. */
  jump(ms: number): void {
    this.#zero += ms;
  }

  /** Of two that are due at once, the one that went to sleep first. */
  #next(until: number): Sleeper | undefined {
    let next: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (sleeper.due <= until && (next === undefined || sleeper.due < next.due)) next = sleeper;
    }
    return next;
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
