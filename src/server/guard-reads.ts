import { ChunkRotten } from './pack-read.ts';
import type { Packs } from './packs.ts';
import type { Quarantine } from './quarantine.ts';

/** The same packs, but what rotted is in quarantine by the time its reader hears of it. */
export function guardReads(packs: Packs, quarantine: Pick<Quarantine, 'take'>): Packs {
  const guarded = async function* <T>(read: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* read;
    } catch (error) {
      if (error instanceof ChunkRotten) await quarantine.take(error);
      throw error;
    }
  };
  return {
    append: (chunks) => packs.append(chunks),
    read: (places) => guarded(packs.read(places)),
    readUnverified: (places) => guarded(packs.readUnverified(places)),
    readStored: (places) => guarded(packs.readStored(places)),
  };
}
