import { ChunkRotten } from './pack-read.ts';
import type { Packs } from './packs.ts';
import type { ChunkPlace, FolderName, MetadataStore } from './ports.ts';

export interface Elsewhere {
  readonly metadata: Pick<MetadataStore, 'chunksAfter'>;
  readonly packs: Pick<Packs, 'read'>;
  readonly folder: FolderName;
}

/** Among so many chunks some are looked for that lie in other packs. */
const SEARCHED = 256;
/** So many of those are asked for. */
const OTHERS = 8;

/**
 * Whether the disk, which does not give this chunk, gives one that lies in another pack: then it is a bad place, and
 * not a disk that is not there. Throws what the metadata throws.
 */
export async function isElsewhereWell(
  { metadata, packs, folder }: Elsewhere,
  { hash, pack }: ChunkPlace,
): Promise<boolean> {
  const next = await metadata.chunksAfter(folder, hash, SEARCHED);
  const first = await metadata.chunksAfter(folder, '', SEARCHED);
  const others = [...next, ...first].filter((one) => one.pack !== pack).slice(0, OTHERS);
  for (const other of others) {
    try {
      for await (const _ of packs.read([other])) return true;
    } catch (error) {
      if (error instanceof ChunkRotten) return true;
    }
  }
  return false;
}
