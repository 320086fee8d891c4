import type { watch } from 'node:fs';
import type { Path, Watcher } from '../ports.ts';

export interface NodeWatcherOptions {
  readonly root: string;
  /**
   * Whether nothing below this directory is synchronized; it is then not watched. May change: see
   * `rewatch`.
   */
  readonly ignored?: (directory: Path) => boolean;
  /**
   * Whether the system watches a whole tree by itself. Linux does not: Node would watch every file
   * there.
   */
  readonly recursive?: boolean;
  /** How many events the system keeps for us; what comes when it is full is lost without a word. */
  readonly queue?: number;
  /** Milliseconds between two tries to watch a root that is not there. */
  readonly retry?: number;
  /** Node's own. */
  readonly watch?: typeof watch;
}

export interface NodeWatcher extends Watcher {
  /** Something is not watched, and has to be looked at now and then. */
  readonly degraded: boolean;
  /** Begins anew, as after a change of what is ignored; ends in `everything`, for that reason. */
  rewatch(reason: string): void;
}

/** The same, with everything filled in. */
export type FilledOptions = Required<Omit<NodeWatcherOptions, 'recursive'>>;
