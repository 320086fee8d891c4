import type { NodeId, Place, Versioned } from '../core/entry.ts';
import type { Known } from './past-state.ts';

/** What a node was at a cursor. `entry` undefined: it was not there. */
export interface PastState extends Known {
  readonly node: NodeId;
}

export interface PastPage {
  /** States are those at this cursor, of nodes that changed after it, up to `until`. */
  readonly at: number;
  readonly until: number;
  /** Where the page before ended; `at` for the first one. */
  readonly after: number;
  /** Changes that are looked through. */
  readonly limit: number;
}

export interface PastPageAnswer {
  /** Fewer than were looked through, perhaps none, where nodes changed more than once. */
  readonly states: readonly PastState[];
  /** As `after`, for the next page; undefined: there is none. */
  readonly next: number | undefined;
}

/** A place as it was at a cursor, of which only that is asked what changed after it, up to `until`. */
export interface PastPlace {
  readonly at: number;
  readonly until: number;
  readonly place: Place;
}

/** The cursors of one commit. */
export interface CommitSpan {
  readonly first: number;
  readonly last: number;
}

/** A node's last record, which deleted it. */
export interface DeletedNode {
  /** Of the deletion. */
  readonly cursor: number;
  readonly node: NodeId;
  /** Where it was. */
  readonly path: string;
  /** What it was. */
  readonly before: Versioned;
  readonly clientId: string;
  readonly clientName: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

export interface DeletionsQuery {
  /** Only what was at this path or below it. */
  readonly path?: string;
  /** Only deletions before this cursor: the next page. */
  readonly before?: number;
  readonly limit: number;
}

/**
 * What the folder was. A part of the metadata.
 *
 * Pruned or thinned: a node's state at a cursor is exact as long as its record up to there, or the one after, is kept. Where both are
 * gone it is rounded, and says so: to the last state before that is kept, else to the first one. What is told was so at one
 * time, and its content is kept, for a record names it. Which nodes changed after a cursor is always told in full: each keeps its
 * last record. Thinning leaves creations, moves and deletions, so it rounds contents only, never where a node was.
 */
export interface Past {
  /**
   * The end of the last commit at or before a cursor, or of the last one that was stored at a time (milliseconds since
   * 1970) or earlier; 0 where there is none. Where the clock was put back meanwhile, the last is the one of the
   * greatest cursor. Costs what changed since.
   */
  lastCommit(
    folder: string,
    to: { readonly cursor: number } | { readonly time: number },
  ): Promise<number>;
  /**
   * When the first change after a cursor was made, in milliseconds since 1970, of those that pruning left; undefined where
   * there is none.
   */
  timeAfter(folder: string, cursor: number): Promise<number | undefined>;
  /** The commit that this change was a part of; undefined for a cursor that the folder has not reached, and for 0. */
  commitOf(folder: string, cursor: number): Promise<CommitSpan | undefined>;
  /**
   * What nodes that changed after a cursor were at it, each once, in the order of their first changes after it that are
   * kept. Whatever is committed meanwhile, pages with the same `at` and `until` leave nothing out. Costs the page.
   */
  changedSince(folder: string, page: PastPage): Promise<PastPageAnswer>;
  /** Who was at a place at a cursor and has changed since. Costs what changed, in steps that hold nobody up. */
  changedAt(folder: string, wanted: PastPlace): Promise<NodeId | undefined>;
  /** What these nodes were at a cursor; those that were not there are not in the answer. */
  entriesAt(folder: string, at: number, nodes: readonly NodeId[]): Promise<Map<NodeId, Versioned>>;
  /**
   * Nodes that are not there now, newest deletion first; not those that were deleted in one commit with the directory that
   * they were in, and that has not been there since either: they come back with it.
   */
  deletions(folder: string, query: DeletionsQuery): Promise<DeletedNode[]>;
}
