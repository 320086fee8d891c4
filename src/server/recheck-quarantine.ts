import type { Log } from './log.ts';
import { ChunkRotten } from './pack-read.ts';
import type { Packs } from './packs.ts';
import { type ChunkPlace, type FolderName, type MetadataStore, ObjectFailure } from './ports.ts';

export interface RecheckParts {
  readonly metadata: MetadataStore;
  /** As they are: what rotted is in quarantine already. */
  readonly stored: Pick<Packs, 'read'>;
  readonly folder: FolderName;
  readonly log: Log;
}

const PAGE = 100;

/**
 * Looks at what is in quarantine again: a disk may have come back, or a person have put the packs back. What nothing
 * needs any more leaves it too. Throws what the metadata throws.
 */
export async function recheckQuarantine(parts: RecheckParts): Promise<void> {
  const { metadata, folder } = parts;
  for (let before: number | undefined; ; ) {
    const page = { limit: PAGE, ...(before !== undefined && { before }) };
    const found = await metadata.quarantined(folder, page);
    if (found.length === 0) return;
    await recheckPage(parts, found);
    before = found.at(-1)?.number;
  }
}

async function recheckPage(
  { metadata, stored, folder, log }: RecheckParts,
  found: readonly ChunkPlace[],
): Promise<void> {
  const hashes = found.map(({ hash }) => hash);
  const needed = await metadata.contentsWith(folder, hashes);
  const forgotten = hashes.filter((hash) => !needed.has(hash));
  if (forgotten.length > 0) await metadata.forgetQuarantined(folder, forgotten);
  const good: ChunkPlace[] = [];
  for (const one of found) {
    if (needed.has(one.hash) && (await isGood(stored, one))) good.push(placeOf(one));
  }
  if (good.length === 0) return;
  await metadata.addChunks(folder, good);
  log.info({ chunks: good.length }, 'chunks that were in quarantine can be read again');
}

async function isGood(stored: RecheckParts['stored'], place: ChunkPlace): Promise<boolean> {
  try {
    for await (const _ of stored.read([place])) return true;
    return false;
  } catch (error) {
    if (error instanceof ChunkRotten || error instanceof ObjectFailure) return false;
    throw error;
  }
}

const placeOf = ({ hash, size, pack, offset, length, encoding }: ChunkPlace): ChunkPlace => ({
  ...{ hash, size, pack, offset, length, encoding },
});
