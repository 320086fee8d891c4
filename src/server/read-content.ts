import { type ChunkRef, single } from '../core/chunk.ts';
import { Failure } from '../protocol/failure.ts';
import type { Range } from './byte-range.ts';
import type { ChunkPorts } from './store-chunks.ts';
import { DAMAGED } from './to-failure.ts';

/** The chunks of a content that is stored, in order. */
export async function chunksOf(
  { metadata, folder }: ChunkPorts,
  content: { readonly checksum: string; readonly size: number },
): Promise<readonly ChunkRef[]> {
  const [manifest] = await metadata.manifests(folder, [content.checksum]);
  return (manifest?.size === content.size ? manifest : single(content)).chunks;
}

/** Chunks whose places are asked for at once. */
const GROUP = 256;

/** What of a content to read, and how: `Packs.readUnverified` is for a caller that verifies the whole. */
export interface Reading extends Range {
  readonly how?: 'read' | 'readUnverified';
}

/**
 * The bytes of these chunks that lie in the range, each chunk verified unless `how` says otherwise. Throws ChunkRotten and
 * ObjectFailure, after the bytes before, and Failure `unavailable` for a chunk that is not stored: it rotted before.
 */
export async function* readContent(
  ports: ChunkPorts,
  chunks: readonly ChunkRef[],
  { how = 'read', ...range }: Reading,
): AsyncGenerator<Uint8Array> {
  const { refs, offset } = within(chunks, range);
  let at = offset;
  for (let next = 0; next < refs.length; next += GROUP) {
    for await (const bytes of readGroup(ports, refs.slice(next, next + GROUP), how)) {
      yield bytes.subarray(Math.max(0, range.from - at), Math.max(0, range.to - at));
      at += bytes.length;
    }
  }
}

async function* readGroup(
  { metadata, packs, folder }: ChunkPorts,
  refs: readonly ChunkRef[],
  how: NonNullable<Reading['how']>,
): AsyncGenerator<Uint8Array> {
  const hashes = [...new Set(refs.map(({ hash }) => hash))];
  const known = await metadata.chunkPlaces(folder, hashes);
  const places = new Map(known.map((place) => [place.hash, place]));
  const inOrder = refs.map(({ hash }) => {
    const place = places.get(hash);
    if (place === undefined) throw new Failure('unavailable', DAMAGED, { cause: hash });
    return place;
  });
  for await (const { bytes } of packs[how](inOrder)) yield bytes;
}

/** The chunks that hold bytes of the range, and where the first of them begins. */
function within(
  chunks: readonly ChunkRef[],
  { from, to }: Range,
): { readonly refs: ChunkRef[]; readonly offset: number } {
  const refs: ChunkRef[] = [];
  let offset = 0;
  let at = 0;
  for (const chunk of chunks) {
    const end = at + chunk.size;
    if (end <= from) offset = end;
    else if (at < to) refs.push(chunk);
    at = end;
  }
  return { refs, offset };
}
