import type { ChunkRef, Manifest } from './chunk.ts';

/** Chunks that follow each other in another manifest: how many, from which on. */
export interface Span {
  readonly from: number;
  readonly count: number;
}

/** A piece of a manifest that is told by another: a span of that, or a chunk which is not in it. */
export type ManifestPart = Span | ChunkRef;

export const isSpan = (part: ManifestPart): part is Span => 'from' in part;

/**
 * A manifest, told by one that the other side has: a version of 1 GiB differs from the one before in two or three of
 * 10,000 chunks. Spans are as long as they go on in `base`. No more parts than chunks.
 */
export function partsOf({ chunks }: Manifest, base: Manifest): ManifestPart[] {
  // Of those that are there more than once the first, so that a run of them (zeros) is one span.
  const places = new Map(base.chunks.map(({ hash }, at) => [hash, at] as const).reverse());
  const parts: ManifestPart[] = [];
  let open: { from: number; count: number } | undefined;
  for (const { hash, size } of chunks) {
    const next = open === undefined ? undefined : open.from + open.count;
    if (open !== undefined && next !== undefined && base.chunks[next]?.hash === hash) {
      open.count += 1;
      continue;
    }
    const from = places.get(hash);
    open = from === undefined ? undefined : { from, count: 1 };
    parts.push(open ?? { hash, size });
  }
  return parts;
}

/** The chunks that `partsOf` told of; undefined where a span is not within `base`. */
export function joinParts(parts: readonly ManifestPart[], base: Manifest): ChunkRef[] | undefined {
  const chunks: ChunkRef[] = [];
  for (const part of parts) {
    if (!isSpan(part)) {
      chunks.push(part);
      continue;
    }
    const { from, count } = part;
    if (from + count > base.chunks.length) return undefined;
    for (let at = from; at < from + count; at += 1) {
      const { hash, size } = base.chunks[at] as ChunkRef;
      chunks.push({ hash, size });
    }
  }
  return chunks;
}
