import {
  type Entry,
  movedTo,
  type NodeId,
  plain,
  ROOT,
  sameContent,
  type Versioned,
} from '../core/entry.ts';
import { rewindInPieces } from '../core/rewind.ts';
import { above, pathOf } from '../core/tree.ts';
import { Failure } from '../protocol/failure.ts';
import type { Restored } from '../protocol/rewind.ts';
import { pathsOf } from './by-path.ts';
import { type Author, commitPlan, type Plan } from './commit-by-path.ts';
import { findLost } from './find-lost.ts';
import { withTree } from './loaded-tree.ts';
import type { CommitSpan } from './past.ts';
import type { HistoryRecord } from './ports.ts';
import type { RewindPorts } from './rewind-folder.ts';

export interface Restoration {
  readonly node: NodeId;
  /** The cursor of one of its changes: what it held after that is meant; after a deletion, what it held before. */
  readonly version: number;
  readonly author: Author;
}

/**
 * Gives a node back what it held: a living one stays where it is, a dead one comes back with its id to where it was last, and
 * with it what was deleted in one commit with it, if it was a directory. Nothing is replaced: where its name is taken it gets a free
 * one. Throws Failure `not_found` for a node or version that is not known, and `conflict` for what cannot be had again.
 */
export async function restoreNode(
  ports: RewindPorts,
  { node, version, author }: Restoration,
): Promise<Restored> {
  const plan = async (): Promise<Plan<Restored>> => {
    const held = await heldAt(ports, node, version);
    const living = (await ports.metadata.nodes(ports.folder, [node])).get(node);
    return living === undefined
      ? await bringBack(ports, node, held)
      : await giveBack(ports, { id: node, entry: living }, held);
  };
  const { result, span } = await commitPlan(ports, { author, cause: 'restore', plan });
  return { ...result, ...span };
}

async function heldAt(
  { metadata, folder }: RewindPorts,
  node: NodeId,
  version: number,
): Promise<Versioned> {
  const [record] = await metadata.history(folder, { node, before: version + 1, limit: 1 });
  const held = record?.after ?? record?.before;
  if (record?.cursor !== version || held === undefined) {
    throw new Failure('not_found', 'The history knows no such change of this node.');
  }
  return held;
}

/** To one that is there. */
async function giveBack(
  ports: RewindPorts,
  living: { readonly id: NodeId; readonly entry: Versioned },
  held: Versioned,
): Promise<Plan<Restored>> {
  const { id: node, entry } = living;
  const path = (await pathsOf(ports, [living])).get(node)?.join('/');
  if (path === undefined) throw new Failure('not_found');
  if (held.kind !== entry.kind) throw new Failure('conflict', `It is a ${entry.kind} now.`);
  if (sameContent(held, entry)) return { changes: [], result: { path, restored: 0 } };
  const past = new Map<NodeId, Entry>([[node, movedTo(plain(held), entry)]]);
  return await planOf(ports, { node, past, stays: true });
}

/** One that is not. */
async function bringBack(
  ports: RewindPorts,
  node: NodeId,
  held: Versioned,
): Promise<Plan<Restored>> {
  const { metadata, folder } = ports;
  const [last] = await metadata.history(folder, { node, limit: 1 });
  const span = last && (await metadata.commitOf(folder, last.cursor));
  if (last?.before === undefined || last.after !== undefined || span === undefined) {
    throw new Failure('conflict', 'It has changed meanwhile; ask again.');
  }
  if (held.kind !== last.before.kind) {
    throw new Failure('conflict', `It was a ${last.before.kind} when it was deleted.`);
  }
  const past = await deletedWith(ports, last, span);
  past.set(node, movedTo(plain(held), last.before));
  await addAbove(ports, past, { directory: last.before.parent, at: span.first - 1 });
  return await planOf(ports, { node, past, stays: false });
}

const PAGE = 5_000;

/** Of a directory: what was deleted last in that commit, wherever it was. */
async function deletedWith(
  { metadata, folder }: RewindPorts,
  { before }: HistoryRecord,
  { first, last }: CommitSpan,
): Promise<Map<NodeId, Entry>> {
  const past = new Map<NodeId, Entry>();
  if (before?.kind !== 'directory') return past;
  const until = (await metadata.folder(folder))?.cursor ?? last;
  for (let since = first - 1; since < last; ) {
    const page = await metadata.changes(folder, { since, until, limit: PAGE });
    const gone = page.filter(({ cursor, entry }) => cursor <= last && entry === undefined);
    const ids = gone.map(({ node }) => node);
    for (const [id, entry] of await metadata.entriesAt(folder, first - 1, ids)) {
      past.set(id, entry);
    }
    since = page.length < PAGE ? last : (page.at(-1)?.cursor ?? last);
  }
  return past;
}

/** What the directories above were, up to the first that is there: they may have to be made again. */
async function addAbove(
  { metadata, folder }: RewindPorts,
  past: Map<NodeId, Entry>,
  { directory, at }: { readonly directory: NodeId; readonly at: number },
): Promise<void> {
  for (let id = directory; id !== ROOT; ) {
    if ((await metadata.nodes(folder, [id])).has(id)) return;
    const entry = past.get(id) ?? (await metadata.entriesAt(folder, at, [id])).get(id);
    if (entry === undefined) return;
    past.set(id, entry);
    id = entry.parent;
  }
}

interface Wanted {
  readonly node: NodeId;
  readonly past: ReadonlyMap<NodeId, Entry>;
  readonly stays: boolean;
}

/** What is in a directory and cannot be had again stays in the trash; for the node itself it is a failure. */
async function planOf(ports: RewindPorts, { node, past, stays }: Wanted): Promise<Plan<Restored>> {
  const lost = new Map<NodeId, string>();
  for (;;) {
    const asked = { past, meant: [{ node, stays }], lost: new Set(lost.keys()), mark: 'restored' };
    const { plan, path, restored } = await withTree(ports, { nodes: past.keys() }, function* (now) {
      const plan = yield* rewindInPieces({ now, ...asked });
      const restored = plan.steps.filter(
        (step) => step.node === node || [...above(plan.end, step.node)].includes(node),
      );
      return { plan, path: pathOf(plan.end, node), restored: restored.length };
    });
    const found = await findLost(ports, plan);
    const reason = found.get(node);
    if (reason !== undefined) throw new Failure('conflict', reason);
    if (path === undefined) throw new Failure('conflict', 'It has changed meanwhile; ask again.');
    if (found.size === 0) {
      return { changes: plan.changes, result: { path: path.join('/'), restored } };
    }
    for (const [id, why] of found) lost.set(id, why);
  }
}
