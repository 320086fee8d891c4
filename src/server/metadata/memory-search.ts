import { nodeAt, pathOf } from '../../core/tree.ts';
import type { HistoryRecord, MetadataStore } from '../ports.ts';
import type { MemoryFolder } from './memory-transaction.ts';

export function contested(
  { tree, history }: MemoryFolder,
  since: number,
): Awaited<ReturnType<MetadataStore['contested']>> {
  const newest = history.filter(({ time }) => time >= since).reverse();
  const nodes = [...new Set(newest.map(({ node }) => node))];
  return nodes.flatMap((node) => {
    const records = newest.filter((record) => record.node === node);
    const clients = [...new Set(records.map(({ clientId }) => clientId))];
    const path = tree.get(node)?.kind === 'file' ? pathOf(tree, node) : undefined;
    if (clients.length < 2 || path === undefined) return [];
    return [{ path: path.join('/'), node, clients, last: records[0]?.time ?? 0 }];
  });
}

export function contentsWith(
  { tree, history, manifests }: MemoryFolder,
  hashes: readonly string[],
): Map<string, string[]> {
  const entries = [
    ...[...tree.entries()].map(([, entry]) => entry),
    ...history.flatMap(({ before, after }) => [before, after]),
  ];
  const named = new Set([
    ...entries.flatMap((entry) => (entry?.kind === 'file' ? [entry.checksum] : [])),
    ...history.flatMap(({ mergedFrom = [] }) => mergedFrom.map(({ checksum }) => checksum)),
  ]);
  const isPart =
    (hash: string) =>
    (checksum: string): boolean =>
      checksum === hash ||
      (manifests.get(checksum)?.chunks.some((one) => one.hash === hash) ?? false);
  const parts = hashes.map((hash) => [hash, [...named].filter(isPart(hash))] as const);
  return new Map(
    parts.flatMap(([hash, contents]) => (contents.length > 0 ? [[hash, contents]] : [])),
  );
}

/** Every record of a node that is or was at the path, and those under it; all without a path. */
export function recordedAt(
  { tree, history }: MemoryFolder,
  path: string | undefined,
): HistoryRecord[] {
  if (path === undefined || path === '') return [...history];
  const there = new Set(
    history
      .filter((record) => record.path === path || record.oldPath === path)
      .map(({ node }) => node),
  );
  const living = nodeAt(tree, path.split('/'));
  if (living !== undefined) there.add(living);
  const under = (one: string | undefined): boolean => one?.startsWith(`${path}/`) ?? false;
  return history.filter(
    (record) => there.has(record.node) || under(record.path) || under(record.oldPath),
  );
}
