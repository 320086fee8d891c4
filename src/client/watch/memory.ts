import type { Dirt, Path, Watcher } from '../ports.ts';

/** A watcher that sees what it is told, at once. */
export class MemoryWatcher implements Watcher {
  /** Whether it sees less than everything, as when the system has no more watches. */
  degraded = false;
  #onDirt: ((dirt: Dirt) => void) | undefined;
  #stopped = false;

  async run(onDirt: (dirt: Dirt) => void): Promise<void> {
    if (this.#onDirt !== undefined) throw new TypeError('A watcher runs once.');
    if (!this.#stopped) this.#onDirt = onDirt;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#onDirt = undefined;
  }

  /** Something happened in this directory. Nobody hears of it before `run` and after `stop`. */
  dirty(path: Path): void {
    this.#onDirt?.({ type: 'directory', path });
  }

  /** Events were lost. */
  lose(reason = 'events were lost'): void {
    this.#onDirt?.({ type: 'everything', reason });
  }
}
