import { checksumsOf } from '../checksums-of.ts';
import type { ChunkPlace, Condemned, Move, PackUse, Unused } from '../ports.ts';
import type { MemoryFolder } from './memory-transaction.ts';

/** What nothing needs any more, in memory. */
export function dropUnused(
  folder: MemoryFolder,
  { since, chunks, manifests, now, before }: Unused,
): string[] {
  const contents = new Set(
    folder.history.filter(({ cursor }) => cursor > since).flatMap(checksumsOf),
  );
  const parts = new Set([...contents].flatMap((checksum) => partsOf(folder, checksum)));
  for (const checksum of manifests) if (!contents.has(checksum)) folder.manifests.delete(checksum);
  const dropped: string[] = [];
  for (const { hash, pack, offset } of chunks.filter(({ hash }) => !parts.has(hash))) {
    const noted = folder.unused.get(hash)?.since ?? now;
    folder.unused.set(hash, { since: noted, last: now });
    if (noted > before || noted === now) continue;
    folder.unused.delete(hash);
    const place = folder.chunks.get(hash);
    if (place?.pack !== pack || place.offset !== offset) continue;
    folder.chunks.delete(hash);
    dropped.push(hash);
  }
  return dropped;
}

const partsOf = ({ manifests }: MemoryFolder, checksum: string): string[] => [
  checksum,
  ...(manifests.get(checksum)?.chunks.map(({ hash }) => hash) ?? []),
];

export function forgetUnused({ unused }: MemoryFolder, now: number): void {
  for (const [hash, { last }] of unused) if (last < now) unused.delete(hash);
}

export function condemnPacks(
  { condemned, chunks, quarantine }: MemoryFolder,
  { packs, now, before }: Condemned,
): string[] {
  const held = new Set([
    ...[...chunks.values()].map(({ pack }) => pack),
    ...quarantine.flatMap(({ chunk, end }) => (end === undefined ? [chunk.pack] : [])),
  ]);
  const free = new Set(packs.filter((pack) => !held.has(pack)));
  for (const pack of condemned.keys()) if (!free.has(pack)) condemned.delete(pack);
  for (const pack of free) condemned.set(pack, condemned.get(pack) ?? now);
  const due = [...condemned].filter(([, since]) => since <= before);
  return due.map(([pack]) => pack).sort();
}

export function pruneCommits({ answered, commits }: MemoryFolder, before: number): number {
  const old = [...answered].filter(([, time]) => time < before).map(([id]) => id);
  for (const id of old) {
    answered.delete(id);
    commits.delete(id);
  }
  return old.length;
}

export function packUse(folder: MemoryFolder): Map<string, PackUse> {
  const use = new Map<string, PackUse>();
  for (const { pack, length } of folder.chunks.values()) {
    const { chunks, bytes } = use.get(pack) ?? { chunks: 0, bytes: 0 };
    use.set(pack, { chunks: chunks + 1, bytes: bytes + length });
  }
  return use;
}

export const chunksIn = ({ chunks }: MemoryFolder, packs: readonly string[]): ChunkPlace[] =>
  [...chunks.values()]
    .filter(({ pack }) => packs.includes(pack))
    .sort((a, b) => (a.pack === b.pack ? a.offset - b.offset : a.pack < b.pack ? -1 : 1));

export function moveChunks({ chunks }: MemoryFolder, moves: readonly Move[]): void {
  for (const { from, to } of moves) {
    const known = chunks.get(from.hash);
    if (known?.pack === from.pack && known.offset === from.offset) chunks.set(from.hash, to);
  }
}
