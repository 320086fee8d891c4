import { ChunkRotten } from './pack-read.ts';
import type { Packs } from './packs.ts';
import type { ChunkPlace, FolderName, MetadataStore } from './ports.ts';

export interface FindRottenParts {
  readonly metadata: Pick<MetadataStore, 'chunksAfter'>;
  readonly folder: FolderName;
  readonly packs: Pick<Packs, 'read'>;
  /** How many were read so far. */
  readonly progressed?: (chunks: number) => void;
}

const PAGE = 1000;

/** Reads and verifies every stored chunk. Throws ObjectFailure `unavailable`. */
export async function* findRotten(parts: FindRottenParts): AsyncGenerator<ChunkRotten> {
  const { metadata, folder, packs, progressed } = parts;
  let read = 0;
  for (let after = ''; ; ) {
    const page = await metadata.chunksAfter(folder, after, PAGE);
    if (page.length === 0) return;
    yield* rottenAmong(packs, page);
    read += page.length;
    progressed?.(read);
    after = page.at(-1)?.hash ?? '';
  }
}

/** Those of the places that cannot be read as they were. */
export async function* rottenAmong(
  packs: Pick<Packs, 'read'>,
  places: readonly ChunkPlace[],
): AsyncGenerator<ChunkRotten> {
  for (let rest = [...places]; rest.length > 0; ) {
    const { read, error } = await readUntilRotten(packs, rest);
    rest = rest.slice(read);
    if (error !== undefined) yield error;
  }
}

/** `read`: how many are done with, the rotten one too. */
async function readUntilRotten(
  packs: Pick<Packs, 'read'>,
  places: readonly ChunkPlace[],
): Promise<{ readonly read: number; readonly error?: ChunkRotten }> {
  let read = 0;
  try {
    for await (const _ of packs.read(places)) read += 1;
    return { read };
  } catch (error) {
    if (error instanceof ChunkRotten) return { read: read + 1, error };
    throw error;
  }
}
