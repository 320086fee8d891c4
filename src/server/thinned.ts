import type { Operation } from '../core/change.ts';
import type { HeldVersion } from '../core/thin.ts';

/** Where a page of versions ended. */
export interface VersionMark {
  readonly node: string;
  readonly cursor: number;
}

/** One commit, as the chain knows it. */
export interface CommitLink {
  readonly first: number;
  readonly last: number;
  /** The name of the history at its end. */
  readonly chain: string;
  /** Of its records, those that were removed on purpose. */
  readonly removed: number;
}

/** What a retention is asked of, and what it leaves. A part of the metadata. */
export interface Thinned {
  /**
   * The records of the history, node by node, each node's newest first, in pages: those after `after`; undefined: the first ones. The
   * order of the nodes is the store's. Records that come meanwhile may be left out.
   */
  versionsAfter(
    folder: string,
    page: { readonly after: VersionMark | undefined; readonly limit: number },
  ): Promise<HeldVersion[]>;
  /**
   * Removes these records from the history, but never a node's last one, and counts them as removed on purpose. Snapshots at
   * cursors between such a record and the node's next lose it: name only what is old, and is followed by what is old, too. Those that are not there:
   * nothing happens. In steps, each of them whole. Answers how many there were.
   */
  removeVersions(folder: string, cursors: readonly number[]): Promise<number>;
  /** The commits before this cursor, or all, the newest first. Pruning and thinning leave them. */
  commitsBefore(
    folder: string,
    page: { readonly before: number | undefined; readonly limit: number },
  ): Promise<CommitLink[]>;
}

/** Only what edits a content, and is no merge, is thinned. */
export const isFixed = (operation: Operation, isMerge: boolean): boolean =>
  operation !== 'update' || isMerge;
