import { pathOf } from '../../core/tree.ts';
import type { MetadataStore } from '../ports.ts';
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
