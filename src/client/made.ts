import type { MergedInput } from '../core/change.ts';
import type { NodeId } from '../core/entry.ts';

/** How a merged content was made here. */
export interface Made {
  /** The merged bytes. */
  readonly checksum: string;
  /** What went into them and is not on the server as a version of the node, the oldest first. */
  readonly from: readonly MergedInput[];
}

/** What is to be remembered of where a content came from. */
export type OriginNote =
  /** Of what the content that is offered next for the node was made (rule M9); undefined: it was taken. */
  | { readonly type: 'merged'; readonly node: NodeId; readonly made: Made | undefined }
  /** The version that a conflict copy and its original were both made from; undefined: nobody needs it any more. */
  | { readonly type: 'base'; readonly node: NodeId; readonly base: MergedInput | undefined };

/** What a state remembers of that. */
export interface KnownOrigins {
  /** Of what the node's content was made since the server last took one; undefined: it was not merged. */
  made(node: NodeId): Made | undefined;
  /** Of a conflict copy that was made here; undefined of everything else. */
  base(node: NodeId): MergedInput | undefined;
}
