import { EMPTY_CHECKSUM, type Manifest, single } from '../core/chunk.ts';
import { MAX_LINES } from '../protocol/limits.ts';
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
  // One that rotted is no content that never was: whoever reads it learns why it cannot be had.
  const known = chunk ?? (await findRotten({ metadata, folder }, checksum));
  return known && single({ checksum, size: known.size });
}

/** Only the newest are looked at. */
async function findRotten({ metadata, folder }: FolderView, hash: string) {
  const rotten = await metadata.quarantined(folder, { limit: MAX_LINES });
  return rotten.find((one) => one.hash === hash);
}
