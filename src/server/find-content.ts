import { EMPTY_CHECKSUM, type Manifest, single } from '../core/chunk.ts';
import type { FolderView } from './by-path.ts';

/**
 * The content with this checksum, whatever names it: a living file, an old version, or nothing yet. One of a single
 * chunk is known by that; one of no bytes is always there. undefined: the server does not have it.
 */
export async function findContent(
  { metadata, folder }: FolderView,
  checksum: string,
): Promise<Manifest | undefined> {
  if (checksum === EMPTY_CHECKSUM) return single({ checksum, size: 0 });
  const [manifest] = await metadata.manifests(folder, [checksum]);
  if (manifest !== undefined) return manifest;
  const [chunk] = await metadata.chunkPlaces(folder, [checksum]);
  return chunk && single({ checksum, size: chunk.size });
}
