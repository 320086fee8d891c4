import { packAppender } from './pack-append.ts';
import type { Stored } from './pack-format.ts';
import { readChunks } from './pack-read.ts';
import { takingTurns } from './pack-turns.ts';
import { type Chunk, verifyChunk } from './pack-verify.ts';
import type { ChunkPlace, ObjectStore } from './ports.ts';

/** Chunks in immutable packs, and back. What the packs look like: pack-format.ts. */
export interface Packs {
  /**
   * Verifies each chunk against its name, and stores them all: durable when it resolves. Answers
   * where each lies, in the order given; one given twice, also by another at the same time, may
   * lie in one place. Throws ChunkMismatch before anything is stored, or ObjectFailure (`full`,
   * `unavailable`): then some may be stored in packs that nobody will refer to.
   */
  append(chunks: readonly Chunk[]): Promise<ChunkPlace[]>;
  /**
   * The chunks themselves, in the order of the places. Throws ChunkRotten at the first that is not
   * what it was, after those before it, and ObjectFailure `unavailable`. Bytes may be views of one
   * buffer: not to be changed.
   */
  read(places: readonly ChunkPlace[]): AsyncIterable<Omit<Stored, 'encoding'>>;
  /**
   * As `read`, but whether a chunk is what it was is for the caller to see, who knows what they make up together. Its
   * bytes hold until the next is asked for.
   */
  readUnverified(places: readonly ChunkPlace[]): AsyncIterable<Omit<Stored, 'encoding'>>;
  /** As `read`, verified as well, in the encoding they are stored in: to be sent on as they are. */
  readStored(places: readonly ChunkPlace[]): AsyncIterable<Stored>;
}

export function createPacks(given: {
  readonly objects: ObjectStore;
  /** A name that no object has or had: two packs of one name would be one, and the other lost. */
  readonly newName: () => string;
  /** Bytes; how large a pack may grow. Default: 16 MiB. */
  readonly packBytes?: number;
}): Packs {
  const { objects, newName, packBytes = 16 * 1024 * 1024 } = given;
  const appendVerified = packAppender({ objects, newName, packBytes });
  return {
    append: async (chunks) => appendVerified(await verifyAll(chunks)),
    read: (places) => plainly(readChunks(objects, places)),
    readUnverified: (places) => plainly(readChunks(objects, places, { isVerified: false })),
    async *readStored(places) {
      for await (const { stored } of readChunks(objects, places)) yield stored;
    },
  };
}

async function* plainly(
  chunks: ReturnType<typeof readChunks>,
): AsyncGenerator<Omit<Stored, 'encoding'>> {
  for await (const { stored, plain } of chunks) {
    yield { hash: stored.hash, size: stored.size, bytes: plain };
  }
}

async function verifyAll(chunks: readonly Chunk[]): Promise<Stored[]> {
  const worked = takingTurns();
  const verified: Stored[] = [];
  for (const chunk of chunks) {
    const stored = await verifyChunk(chunk);
    verified.push(stored);
    await worked(stored.size);
  }
  return verified;
}
