import type { MergedInput } from '../core/change.ts';

/** How a merged content was made here. */
export interface Made {
  /** The merged bytes. */
  readonly checksum: string;
  /** What went into them and is not on the server as a version of the node, the oldest first. */
  readonly from: readonly MergedInput[];
}
