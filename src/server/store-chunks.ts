import type { FolderView } from './by-path.ts';
import type { Chunk } from './pack-verify.ts';
import type { Packs } from './packs.ts';

export interface ChunkPorts extends FolderView {
  readonly packs: Packs;
}

/**
 * Stores those of the chunks that the server lacks; durable, and known to the metadata, when it
 * resolves. Throws ChunkMismatch and ObjectFailure, as `Packs.append` does.
 */
export async function storeChunks(ports: ChunkPorts, chunks: readonly Chunk[]): Promise<void> {
  const { metadata, packs, folder } = ports;
  const unique = new Map(chunks.map((chunk) => [chunk.hash, chunk]));
  const missing = new Set(await metadata.missingChunks(folder, [...unique.keys()]));
  const lacking = [...unique.values()].filter(({ hash }) => missing.has(hash));
  if (lacking.length === 0) return;
  await metadata.addChunks(folder, await packs.append(lacking));
}
