import type {
  Entry,
  FileContent,
  Kind,
  NodeId,
  Place,
  SymlinkContent,
  Versioned,
} from './entry.ts';

/** What a file or a symlink holds; a directory holds nothing of its own. */
export type Content = FileContent | SymlinkContent;

/** One of the contents that a merged one was made of (rule M9), by its bytes. */
export type MergedInput = Pick<FileContent, 'checksum' | 'size'>;

/** A node that is not on the server: new, or deleted there and living on here. */
export interface Creation {
  readonly type: 'create';
  readonly node: NodeId;
  readonly kind: Kind;
  readonly place: Place;
  readonly content?: Content;
}

/** One node's step to another place, another content, or both; each names the version it replaces. */
export interface Update {
  readonly type: 'update';
  readonly node: NodeId;
  readonly place?: Place & { readonly replaces: number };
  readonly content?: Content & {
    readonly replaces: number;
    /** What went into it beside the version that it replaces: the history is to keep these too. */
    readonly mergedFrom?: readonly MergedInput[];
  };
}

/** A deletion replaces both: an edit or a move that the client has not seen refuses it. */
export interface Deletion {
  readonly type: 'delete';
  readonly node: NodeId;
  readonly replacesPlace: number;
  readonly replacesContent: number;
}

/** One node's step, as it is offered to the server. */
export type Change = Creation | Update | Deletion;

/** One node's step, as the server took it. `after` undefined: the node is gone. */
export interface Applied {
  readonly cursor: number;
  readonly node: NodeId;
  readonly before: Versioned | undefined;
  readonly after: Versioned | undefined;
}

export type Operation = 'create' | 'update' | 'delete' | 'move';

/** The name of a step in the contract: a move that also edits is a move. */
export function operationOf({
  before,
  after,
}: {
  before: Entry | undefined;
  after: Entry | undefined;
}): Operation {
  if (before === undefined) return 'create';
  if (after === undefined) return 'delete';
  return before.parent === after.parent && before.name === after.name ? 'update' : 'move';
}

/** What an entry holds, without its place. */
export function contentOf(entry: Entry): Content | undefined {
  if (entry.kind === 'directory') return undefined;
  if (entry.kind === 'symlink') return { target: entry.target };
  const { checksum, size, mtime, executable } = entry;
  return { checksum, size, mtime, executable };
}

/** An entry from its parts; undefined where the content is not one of its kind. */
export function entryOf(
  kind: Kind,
  { parent, name }: Place,
  content: Content | undefined,
): Entry | undefined {
  if (kind === 'directory') return content === undefined ? { kind, parent, name } : undefined;
  if (content === undefined) return undefined;
  if (kind === 'symlink') {
    return 'target' in content ? { kind, parent, name, target: content.target } : undefined;
  }
  if (!('checksum' in content)) return undefined;
  const { checksum, size, mtime, executable } = content;
  return { kind, parent, name, checksum, size, mtime, executable };
}
