import { connect } from './connect.ts';
import {
  type Entry,
  type FileContent,
  movedTo,
  type NodeId,
  plain,
  sameContent,
  sameEntry,
  samePlace,
  type Versioned,
  withContent,
} from './entry.ts';
import { type Aspect, CONTENT, EXISTENCE, PLACE, type Side } from './merge-tables.ts';
import { settle } from './settle.ts';
import { settleNames } from './settle-names.ts';
import { Overlay, type Tree } from './tree.ts';

/** Everything the decision depends on. Nothing else does: no disk, no clock, no chance. */
export interface Trees {
  /** What client and server last agreed on. */
  readonly synced: Tree<Versioned>;
  /** What is on this disk. */
  readonly local: Tree;
  /** What is on the server. */
  readonly remote: Tree<Versioned>;
  /** Every node on which the three do not agree; more do no harm. */
  readonly changed: Iterable<NodeId>;
}

export interface MergeInput extends Trees {
  /** Rule M8: something at or below this node cannot be told, so it is removed on neither side. */
  readonly sheltered: (id: NodeId) => boolean;
  /** Whether a name in a directory is taken by something that is in no tree (ignored, unreadable), or is there under another spelling. */
  readonly taken: (parent: NodeId, name: string) => boolean;
  /**
   * Rule M9: what holds both sides' changes of this node's content, where one content can, by the entries given
   * here. Both sides have to be answered alike.
   */
  readonly mergedContent?: (id: NodeId) => FileContent | undefined;
  /** This client's name, for conflict names. */
  readonly clientName: string;
  /** Ids for conflict copies. */
  readonly newId: () => NodeId;
}

/** A version that lost its path, and the node it lives on in. */
export interface ConflictCopy {
  readonly copy: NodeId;
  readonly of: NodeId;
  /** Whose version went into the copy. */
  readonly side: 'local' | 'remote';
}

export interface Merged {
  /** What both sides are to become. Its touched nodes are all that may differ from either side. */
  readonly target: Overlay<Entry>;
  readonly copies: readonly ConflictCopy[];
}

/**
 * The decision: three trees to one target. Total, deterministic, and O(what changed). The rules
 * (M2 to M8) are in docs/sync-rules.md; twins (M1) were united before.
 */
export function merge(input: MergeInput): Merged {
  const target = new Overlay<Entry>(input.synced);
  const conflicts: NodeId[] = [];
  for (const id of [...new Set(input.changed)].sort()) {
    const { entry, conflict } = mergeNode(input, id);
    target.set(id, entry);
    if (conflict) conflicts.push(id);
  }
  connect(input, target);
  settleNames(input, target);
  const copies = conflicts.flatMap((id) => settle(input, target, id) ?? []);
  return { target, copies };
}

interface MergedNode {
  readonly entry: Entry | undefined;
  /** Both sides changed the content, and not to the same. `entry` holds the local one until it is settled. */
  readonly conflict?: boolean;
}

/** Existence, place and content of one node, settled apart. */
function mergeNode({ synced, local, remote, sheltered }: MergeInput, id: NodeId): MergedNode {
  const node = { synced: synced.get(id), local: local.get(id), remote: remote.get(id) };
  if (!exists(node) && !sheltered(id)) return { entry: undefined };
  const { local: here, remote: there } = node;
  if (here === undefined) return { entry: there && plain(there) };
  if (there === undefined) return { entry: plain(here) };
  const place = PLACE[placeHere(node.synced, here)][placeThere(node.synced, there)];
  const rule = CONTENT[contentHere(node.synced, here)][contentThere(node.synced, there)];
  const placed = movedTo(plain(here), place === 'local' ? here : there);
  return {
    entry: rule === 'remote' ? withContent(placed, there) : placed,
    conflict: rule === 'settle',
  };
}

interface ThreeSides {
  readonly synced: Versioned | undefined;
  readonly local: Entry | undefined;
  readonly remote: Versioned | undefined;
}

function exists({ synced, local, remote }: ThreeSides): boolean {
  if (synced === undefined) return local !== undefined || remote !== undefined;
  const here: Side =
    local === undefined ? 'gone' : sameEntry(local, synced) ? 'unchanged' : 'changed';
  return EXISTENCE[here][sideThere(synced, remote)] === 'in';
}

function sideThere(synced: Versioned, remote: Versioned | undefined): Side {
  if (remote === undefined) return 'gone';
  const same =
    placeThere(synced, remote) === 'unchanged' && contentThere(synced, remote) === 'unchanged';
  return same ? 'unchanged' : 'changed';
}

// Rule M2: changed here is judged by value, changed there by version. Without a common ancestor both changed.

const placeHere = (synced: Versioned | undefined, local: Entry): Aspect =>
  synced !== undefined && samePlace(synced, local) ? 'unchanged' : 'changed';

const contentHere = (synced: Versioned | undefined, local: Entry): Aspect =>
  synced !== undefined && sameContent(synced, local) ? 'unchanged' : 'changed';

const placeThere = (synced: Versioned | undefined, remote: Versioned): Aspect =>
  synced?.placeVersion === remote.placeVersion ? 'unchanged' : 'changed';

const contentThere = (synced: Versioned | undefined, remote: Versioned): Aspect =>
  synced?.contentVersion === remote.contentVersion ? 'unchanged' : 'changed';
