import type { Chunk } from '../core/chunk.ts';
import type { RemoteChange } from '../protocol/remote-change.ts';
import type { Verbs } from './breaker.ts';
import type { Reached } from './reached.ts';
import type { ShownHold } from './show-hold.ts';

/** What the live connection tells. It only ever says "look", but what it brings along saves asking. */
export type LiveEvent =
  | { readonly type: 'connected' }
  /** Also said of one that was not let in: the server may not know this client any more, which has to introduce itself. */
  | { readonly type: 'disconnected'; readonly reason: string }
  /** The server took these changes, the next ones after `since`. Small contents may come along. */
  | {
      readonly type: 'changed';
      readonly since: number;
      readonly changes: readonly RemoteChange[];
      readonly chunks: readonly Chunk[];
      readonly epoch: string;
      /** The name of the history after them. */
      readonly chain: string;
    }
  /** The cursor grew, perhaps to this; ask. */
  | { readonly type: 'behind'; readonly cursor?: number }
  /** A person's word on what this client told that it holds, given elsewhere (rule S16). It may come again. */
  | { readonly type: 'word'; readonly verbs: Verbs };

export interface Live {
  /** Connects, and reconnects for ever (exponential backoff with jitter), until `stop`. */
  run(onEvent: (event: LiveEvent) => void): void;
  /**
   * All that waits for a person's word now. Told to the server, at once or when it is reached, unless it knows that
   * already or is too old to be told; the last call counts.
   */
  tellHeld(holds: readonly ShownHold[]): void;
  /**
   * Has the server told how far this client is: soon, or at once where somebody waits for it; not before it is
   * connected, and of several only the last. Costs nothing now.
   */
  report(reached: Reached): void;
  /** Twice is once. */
  stop(): Promise<void>;
}
