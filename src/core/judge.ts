import { type Applied, type Change, type Creation, entryOf, type Update } from './change.ts';
import { type Entry, type NodeId, ROOT, type Versioned } from './entry.ts';
import { checkName } from './name.ts';
import { drain, isTurn } from './pieces.ts';
import { above, Overlay, type Tree } from './tree.ts';

/** Why one change of a commit cannot be taken. `retry` is said by the protocol's table of errors. */
export type RefusalCode =
  | 'stale' // it replaces a version that is not the present one
  | 'not_found' // the node it changes is not there
  | 'exists' // the node it creates is there
  | 'wrong_kind' // its content is not of the node's kind
  | 'bad_name'
  | 'name_taken'
  | 'parent_missing'
  | 'ring'
  | 'not_empty'; // a deleted directory still holds something

export interface RefusedChange {
  readonly node: NodeId;
  readonly code: RefusalCode;
}

export type Judgement =
  | { readonly type: 'accepted'; readonly applied: readonly Applied[] }
  | { readonly type: 'refused'; readonly refusals: readonly RefusedChange[] };

export interface Commit {
  readonly changes: readonly Change[];
  /** The folder's cursor; the commit's changes get the ones that follow. */
  readonly cursor: number;
  /** Name of the client whose contents these are. */
  readonly author: string;
}

/**
 * The server's half (rule C3): judges a commit whole, on its end state, so that swaps, inversions and
 * "take the child out, delete the parent, take its name" can be sent. `tree` needs to hold the nodes
 * named, the places they go to, everything above those, and the children of deleted directories.
 */
export const judge = (tree: Tree<Versioned>, commit: Commit): Judgement =>
  drain(judgeInPieces(tree, commit));

/** As `judge`, in pieces, for others to have their turn in between; the tree has to hold still meanwhile. */
export function* judgeInPieces(tree: Tree<Versioned>, commit: Commit): Generator<void, Judgement> {
  const end = new Overlay<Versioned>(tree);
  const refusals: RefusedChange[] = [];
  const applied: Applied[] = [];
  for (const [index, change] of commit.changes.entries()) {
    if (isTurn(index)) yield;
    const cursor = commit.cursor + index + 1;
    const after = apply(end, change, { cursor, author: commit.author });
    if (typeof after === 'string') {
      refusals.push({ node: change.node, code: after });
      continue;
    }
    applied.push({ cursor, node: change.node, before: end.get(change.node), after });
    end.set(change.node, after);
  }
  for (const [index, { node }] of applied.entries()) {
    if (isTurn(index)) yield;
    const code = faultOf(end, node);
    if (code !== undefined) refusals.push({ node, code });
  }
  return refusals.length > 0 ? { type: 'refused', refusals } : { type: 'accepted', applied };
}

interface Stamp {
  readonly cursor: number;
  readonly author: string;
}

/** What the node is after one change, whatever the others do; or why that cannot be. */
function apply(
  end: Tree<Versioned>,
  change: Change,
  stamp: Stamp,
): Versioned | undefined | RefusalCode {
  const now = end.get(change.node);
  if (change.type === 'create') return now === undefined ? create(change, stamp) : 'exists';
  if (now === undefined) return 'not_found';
  if (change.type === 'update') return update(now, change, stamp);
  const { replacesPlace, replacesContent } = change;
  return replacesPlace === now.placeVersion && replacesContent === now.contentVersion
    ? undefined
    : 'stale';
}

function create(
  { node, kind, place, content }: Creation,
  { cursor, author }: Stamp,
): Versioned | RefusalCode {
  const entry = entryOf(kind, place, content);
  if (entry === undefined || node === ROOT) return 'wrong_kind';
  return { ...entry, placeVersion: cursor, contentVersion: cursor, author };
}

function update(
  now: Versioned,
  { place, content }: Update,
  { cursor, author }: Stamp,
): Versioned | RefusalCode {
  if (place !== undefined && place.replaces !== now.placeVersion) return 'stale';
  if (content !== undefined && content.replaces !== now.contentVersion) return 'stale';
  const { kind, placeVersion, contentVersion } = now;
  const entry: Entry | undefined = content === undefined ? now : entryOf(kind, now, content);
  if (entry === undefined) return 'wrong_kind';
  return {
    ...entry,
    parent: place?.parent ?? now.parent,
    name: place?.name ?? now.name,
    placeVersion: place === undefined ? placeVersion : cursor,
    contentVersion: content === undefined ? contentVersion : cursor,
    author: content === undefined ? now.author : author,
  };
}

/** What is wrong with a node in the end state. */
function faultOf(end: Tree<Versioned>, node: NodeId): RefusalCode | undefined {
  const entry = end.get(node);
  if (entry === undefined) return hasChildren(end, node) ? 'not_empty' : undefined;
  if (checkName(entry.name) !== undefined) return 'bad_name';
  if (entry.parent !== ROOT && end.get(entry.parent)?.kind !== 'directory') return 'parent_missing';
  if (end.named(entry.parent, entry.name).length > 1) return 'name_taken';
  return reachesRoot(end, node) ? undefined : 'ring';
}

function hasChildren(tree: Tree, node: NodeId): boolean {
  for (const _ of tree.children(node)) return true;
  return false;
}

function reachesRoot(tree: Tree, node: NodeId): boolean {
  let last = node;
  for (const id of above(tree, node)) last = id;
  return last === ROOT;
}
