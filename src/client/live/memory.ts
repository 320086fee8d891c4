import type { Live, LiveEvent } from '../live-connection.ts';
import type { Reached } from '../reached.ts';
import type { ShownHold } from '../show-hold.ts';

/** A live connection that tells what it is told to. */
export class MemoryLive implements Live {
  /** As it was told last. */
  held: readonly ShownHold[] | undefined;
  /** How far the client said it is, oldest first. */
  readonly reports: Reached[] = [];
  #onEvent: ((event: LiveEvent) => void) | undefined;

  run(onEvent: (event: LiveEvent) => void): void {
    this.#onEvent = onEvent;
  }

  tellHeld(holds: readonly ShownHold[]): void {
    this.held = holds;
  }

  report(reached: Reached): void {
    this.reports.push(reached);
  }

  /** Before `run` and after `stop` nobody hears it. */
  tell(event: LiveEvent): void {
    this.#onEvent?.(event);
  }

  async stop(): Promise<void> {
    this.#onEvent = undefined;
  }
}
