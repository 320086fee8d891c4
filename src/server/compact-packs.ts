import { inGroups } from '../core/in-groups.ts';
import { FRAME_BYTES, HEADER } from './pack-format.ts';
import { ChunkRotten } from './pack-read.ts';
import type { ChunkPlace } from './ports.ts';
import type { SweepParts } from './sweep.ts';

const MIB = 1024 * 1024;
/** A pack of which less than this part is needed is written anew. */
const LIVING = 0.5;
/** Packs smaller than this are put together, once there are so many. */
const SMALL = { bytes: MIB, packs: 32 };
/** What is held in memory, and at most in one sweep: the next one goes on. */
const GROUP = 16 * MIB;
const MOST = 512 * MIB;

type Parts = Pick<SweepParts, 'metadata' | 'packs' | 'folder' | 'signal'> & {
  readonly objects: Pick<SweepParts['objects'], 'list'>;
};

/**
 * Copies what is still needed of packs that are mostly unneeded, and of many small ones, into new packs. A chunk moves
 * only from where it still lies, after the new pack is durable; the old packs are then empty, and stay their
 * day for those who read them. A pack that rotted stays as it is. Answers how many packs were emptied.
 */
export async function compactPacks(parts: Parts): Promise<number> {
  const worthIt = await findWorthIt(parts);
  let copied = 0;
  let compacted = 0;
  for (const group of inGroups(worthIt, { size: GROUP }, ({ bytes }) => bytes)) {
    if (parts.signal?.aborted === true || copied >= MOST) break;
    copied += group.reduce((sum, { bytes }) => sum + bytes, 0);
    const names = group.map(({ name }) => name);
    if (await moveAll(parts, names)) compacted += names.length;
  }
  return compacted;
}

interface Pack {
  readonly name: string;
  /** That are needed, with what goes around them. */
  readonly bytes: number;
}

async function findWorthIt({ metadata, objects, folder }: Parts): Promise<Pack[]> {
  const use = await metadata.packUse(folder);
  const dead: Pack[] = [];
  const small: Pack[] = [];
  for await (const { name, size } of objects.list()) {
    const living = use.get(name);
    if (living === undefined) continue;
    const bytes = HEADER.length + living.bytes + living.chunks * FRAME_BYTES;
    if (bytes < size * LIVING) dead.push({ name, bytes });
    else if (size < SMALL.bytes) small.push({ name, bytes });
  }
  return small.length >= SMALL.packs ? [...dead, ...small] : dead;
}

async function moveAll(
  { metadata, packs, folder }: Parts,
  names: readonly string[],
): Promise<boolean> {
  const from = await metadata.chunksIn(folder, names);
  const chunks: Parameters<typeof packs.append>[0][number][] = [];
  try {
    for await (const stored of packs.readStored(from)) chunks.push(stored);
  } catch (error) {
    // It is in quarantine by now; the others of its group have their turn with the next sweep.
    if (error instanceof ChunkRotten) return false;
    throw error;
  }
  const to = new Map<string, ChunkPlace>();
  for (const place of await packs.append(chunks)) to.set(place.hash, place);
  const moves = from.flatMap((place) => {
    const target = to.get(place.hash);
    return target === undefined ? [] : [{ from: place, to: target }];
  });
  await metadata.moveChunks(folder, moves);
  return true;
}
