import type { Live, LiveEvent } from '../ports.ts';

/** A live connection that tells what it is told to. */
export class MemoryLive implements Live {
  #onEvent: ((event: LiveEvent) => void) | undefined;

  run(onEvent: (event: LiveEvent) => void): void {
    this.#onEvent = onEvent;
  }

  /** Before `run` and after `stop` nobody hears it. */
  tell(event: LiveEvent): void {
    this.#onEvent?.(event);
  }

  async stop(): Promise<void> {
    this.#onEvent = undefined;
  }
}
