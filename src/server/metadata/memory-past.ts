import { type NodeId, ROOT, samePlace, type Versioned } from '../../core/entry.ts';
import type {
  CommitSpan,
  DeletedNode,
  DeletionsQuery,
  Past,
  PastPage,
  PastPageAnswer,
  PastPlace,
  PastState,
} from '../past.ts';
import { type Known, pastState } from '../past-state.ts';
import type { FolderName, HistoryRecord } from '../ports.ts';
import type { MemoryFolder } from './memory-transaction.ts';

/** What a folder was, from its history in memory. */
export abstract class MemoryPast implements Past {
  /** A folder that is not there is an empty one. */
  protected abstract past(name: FolderName): MemoryFolder;

  async lastCommit(
    name: FolderName,
    to: { readonly cursor: number } | { readonly time: number },
  ): Promise<number> {
    return lastCommit(this.past(name), to);
  }

  async timeAfter(name: FolderName, cursor: number): Promise<number | undefined> {
    return this.past(name).history.find((record) => record.cursor > cursor)?.time;
  }

  async commitOf(name: FolderName, cursor: number): Promise<CommitSpan | undefined> {
    return commitOf(this.past(name), cursor);
  }

  async changedSince(name: FolderName, page: PastPage): Promise<PastPageAnswer> {
    return changedSince(this.past(name), page);
  }

  async changedAt(name: FolderName, wanted: PastPlace): Promise<NodeId | undefined> {
    return changedAt(this.past(name), wanted);
  }

  async entriesAt(
    name: FolderName,
    at: number,
    nodes: readonly NodeId[],
  ): Promise<Map<NodeId, Versioned>> {
    return entriesAt(this.past(name), at, nodes);
  }

  async deletions(name: FolderName, query: DeletionsQuery): Promise<DeletedNode[]> {
    return deletions(this.past(name), query);
  }
}

function lastCommit(
  { chain, history }: MemoryFolder,
  to: { readonly cursor: number } | { readonly time: number },
): number {
  const ends = [...chain.keys()];
  if ('cursor' in to) return Math.max(...ends.filter((end) => end <= to.cursor));
  const last = history.findLast(({ time }) => time <= to.time)?.cursor ?? 0;
  return Math.min(...ends.filter((end) => end >= last));
}

function commitOf({ chain }: MemoryFolder, cursor: number): CommitSpan | undefined {
  const ends = [...chain.keys()].sort((a, b) => a - b);
  const last = ends.find((end) => end >= cursor);
  const before = ends.findLast((end) => end < cursor);
  return last === undefined || before === undefined ? undefined : { first: before + 1, last };
}

function changedSince(folder: MemoryFolder, page: PastPage): PastPageAnswer {
  const { at, until, after, limit } = page;
  const since = folder.history.filter(({ cursor }) => cursor > at && cursor <= until);
  const first = new Map(since.toReversed().map(({ node, cursor }) => [node, cursor]));
  const looked = since.filter(({ cursor }) => cursor > after).slice(0, limit);
  const stateOf = statesOf(folder, at);
  const states: PastState[] = looked
    .filter(({ node, cursor }) => first.get(node) === cursor)
    .map(({ node }) => ({ node, ...stateOf(node) }));
  return { states, next: looked.length < limit ? undefined : looked.at(-1)?.cursor };
}

function changedAt(folder: MemoryFolder, { at, until, place }: PastPlace): NodeId | undefined {
  const stateOf = statesOf(folder, at);
  const since = folder.history.filter(({ cursor }) => cursor > at && cursor <= until);
  return since.find(({ node }) => {
    const then = stateOf(node).entry;
    return then !== undefined && samePlace(then, place);
  })?.node;
}

function entriesAt(
  folder: MemoryFolder,
  at: number,
  nodes: readonly NodeId[],
): Map<NodeId, Versioned> {
  const stateOf = statesOf(folder, at);
  const known = [...new Set(nodes)].map((node) => [node, stateOf(node).entry] as const);
  return new Map(known.flatMap(([node, entry]) => (entry === undefined ? [] : [[node, entry]])));
}

/** By its last record up to the cursor and its first one after it. */
function statesOf({ history }: MemoryFolder, at: number) {
  const last = new Map<NodeId, HistoryRecord>();
  const next = new Map<NodeId, HistoryRecord>();
  for (const record of history) {
    if (record.cursor <= at) last.set(record.node, record);
    else if (!next.has(record.node)) next.set(record.node, record);
  }
  return (node: NodeId): Known => pastState(at, { last: last.get(node), next: next.get(node) });
}

function deletions(folder: MemoryFolder, query: DeletionsQuery): DeletedNode[] {
  const { path, before = Number.POSITIVE_INFINITY, limit } = query;
  const newest = folder.history.toReversed();
  const last = new Map(folder.history.map((record) => [record.node, record.cursor]));
  return newest
    .filter(({ cursor, node, after }) => after === undefined && last.get(node) === cursor)
    .filter((record) => record.cursor < before && isAt(record, path))
    .filter((record) => !wentWithDirectory(folder, record, last))
    .slice(0, limit)
    .flatMap(deletedNode);
}

const isAt = (record: HistoryRecord, path: string | undefined): boolean =>
  path === undefined || record.path === path || record.path.startsWith(`${path}/`);

function wentWithDirectory(
  folder: MemoryFolder,
  { cursor, before }: HistoryRecord,
  last: ReadonlyMap<NodeId, number>,
): boolean {
  const commit = commitOf(folder, cursor);
  const end = last.get(before?.parent ?? ROOT);
  if (commit === undefined || end === undefined) return false;
  const directory = folder.history.find((other) => other.cursor === end);
  return directory?.after === undefined && end >= commit.first && end <= commit.last;
}

function deletedNode({ before, ...record }: HistoryRecord): DeletedNode[] {
  const { cursor, node, path, clientId, clientName, time } = record;
  return before === undefined ? [] : [{ cursor, node, path, before, clientId, clientName, time }];
}
