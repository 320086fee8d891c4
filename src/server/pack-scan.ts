import { decodePack } from './pack-format.ts';
import { takingTurns } from './pack-turns.ts';
import { LARGEST_CHUNK, openStored } from './pack-verify.ts';
import type { ChunkPlace } from './ports.ts';

export interface PackScan {
  /** Rows as the database should have them: the bytes are what the name says. */
  readonly sound: ChunkPlace[];
  /** Their bytes, or what the frame says of them, changed. */
  readonly rotten: ChunkPlace[];
  /** From this offset on nothing could be read; absent: the pack was read to its end. */
  readonly tornAt?: number;
}

/** What a pack's object holds, verified, from its bytes alone: to check it, or to rebuild rows. */
export async function scanPack(pack: string, object: Uint8Array): Promise<PackScan> {
  const { places, ...torn } = decodePack(pack, object);
  const sound: ChunkPlace[] = [];
  const rotten: ChunkPlace[] = [];
  const worked = takingTurns();
  for (const place of places) {
    const bytes = object.subarray(place.offset, place.offset + place.length);
    const isSound = place.size <= LARGEST_CHUNK && (await openStored({ ...place, bytes }));
    (isSound ? sound : rotten).push(place);
    await worked(place.size);
  }
  return { sound, rotten, ...torn };
}
