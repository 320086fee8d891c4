import type { NodeId, Versioned } from '../core/entry.ts';
import type { FolderName } from './ports.ts';

/** How much was changed in one step of time. */
export interface ActivityStep {
  /** The first one is 0. */
  readonly step: number;
  readonly creates: number;
  readonly updates: number;
  readonly moves: number;
  readonly deletes: number;
  /** Of the contents that came: one that only moved, or got another time, brings none. */
  readonly bytes: number;
}

/** A living node. */
export type Found = [NodeId, Versioned];

export interface NamesPage {
  /** The last name that is known; undefined for the first page. */
  readonly after: string | undefined;
  readonly limit: number;
}

/** Milliseconds since 1970, and of one step. */
export interface ActivitySpan {
  readonly since: number;
  /** What happened then is no longer in it. */
  readonly until: number;
  readonly step: number;
}

/**
 * What is asked by those who look into the folder and keep no copy of it: a part of the metadata store. As there, a
 * folder that is not there reads as an empty one, and writing to it throws.
 */
export interface Browsing {
  /**
   * The living children of one directory in the order of names (by their bytes in UTF-8), those after `after`. None for
   * what is not there or is no directory.
   */
  childrenPage(folder: FolderName, parent: NodeId, page: NamesPage): Promise<Found[]>;
  /**
   * Living nodes whose names hold the text, whatever its case (as `holdsText` has it), in the order of names and then of
   * ids. None for an empty text.
   */
  searchNames(folder: FolderName, text: string, limit: number): Promise<Found[]>;
  /** In the order of time; a step in which nothing happened is not in the answer. What pruning removed is not counted. */
  activity(folder: FolderName, span: ActivitySpan): Promise<ActivityStep[]>;
  /** The ids of the clients that have a token: each of them synchronizes a directory. */
  synchronizing(folder: FolderName): Promise<Set<string>>;
  /**
   * Forgets a client and its token; what it did stays in the history, and what its commits were answered is kept as long
   * as ever. Answers whether it was known; that twice is once.
   */
  removeClient(folder: FolderName, clientId: string): Promise<boolean>;
}
