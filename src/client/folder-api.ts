import type { NodeId } from '../core/entry.ts';
import type { KnownClient, Lag, LagQuery } from '../protocol/client-info.ts';
import type { HistoryLine, HistoryQuery } from '../protocol/history.ts';
import type {
  Restored,
  RestoreRequest,
  RewindRequest,
  Rewound,
  Trash,
} from '../protocol/rewind.ts';

/** Where the server's history stands. */
export interface Present {
  readonly epoch: string;
  readonly cursor: number;
}

/** What the server takes. Undefined: it does not say. */
export interface Taken {
  readonly maxFileSize: number | undefined;
  readonly allowedExtensions: readonly string[] | undefined;
}

/**
 * The server as a person sees it who asks about the folder's past, or goes back to it: for commands, not for the
 * engine. Paths are from the folder down, with `/`. Every method may throw ApiFailure, and every answer is
 * validated before it gets here. Only `restore` and `rewind` change anything; the rest are questions, which
 * leave no trace but a line in the server's log.
 */
export interface FolderApi {
  /** Newest first. `path`: of what is or was there, or below it. Nothing of that kind: no lines. */
  history(query: HistoryQuery): Promise<readonly HistoryLine[]>;
  /** The living node at a path; undefined where nothing is. */
  nodeAt(path: string): Promise<NodeId | undefined>;
  /** Whom the server knows; in no order. */
  clients(): Promise<readonly KnownClient[]>;
  /**
   * Who has not applied everything up to a cursor, or up to now. Clients that are connected are asked to tell as soon as they
   * have it, so asking again soon is no waste.
   */
  lag(query: LagQuery): Promise<Lag>;
  /** One page of what was deleted, newest first. */
  trash(query: { readonly path?: string; readonly before?: number }): Promise<Trash>;
  /**
   * Gives a node back what it held. Throws `not_found` where the node never had that version, or its content is
   * gone, and `conflict` where somebody was quicker. Twice: the second time nothing is changed.
   */
  restore(wish: Omit<RestoreRequest, 'client_id'>): Promise<Restored>;
  /** Makes something what it was, or tells what that would change (`dry_run`). Twice: as `restore`. */
  rewind(wish: Omit<RewindRequest, 'client_id'>): Promise<Rewound>;
  present(): Promise<Present>;
  taken(): Promise<Taken>;
  /** A content's bytes, verified; undefined where the server has them no more. Whole in memory. */
  content(checksum: string): Promise<Uint8Array | undefined>;
}
