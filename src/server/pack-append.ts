import { encodePack, FRAME_BYTES, HEADER, type Stored } from './pack-format.ts';
import type { ChunkPlace, ObjectStore } from './ports.ts';

interface Waiting {
  readonly chunks: readonly Stored[];
  readonly resolve: (places: ChunkPlace[]) => void;
  readonly reject: (error: unknown) => void;
}
type Places = ReadonlyMap<string, ChunkPlace>;
type Written = { readonly places: Places } | { readonly error: unknown };

/** How many packs are written side by side, and so how much of what waits goes into one round. */
const PACKS_A_ROUND = 4;

/**
 * Group commit: whatever is appended while a round is written waits, and goes together into the
 * next. One who comes alone is written at once; many small ones share a put, and its one sync.
 */
export function packAppender(given: {
  readonly objects: ObjectStore;
  readonly newName: () => string;
  /** A pack is closed before it would grow beyond; only a larger chunk, alone in its pack, does. */
  readonly packBytes: number;
}) {
  let waiting: Waiting[] = [];
  let isWriting = false;

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) {
      const together = takeRound(waiting, given.packBytes * PACKS_A_ROUND);
      waiting = waiting.slice(together.length);
      await writeRound(together);
    }
    isWriting = false;
  }

  /** Never throws: each one who waits is told for itself. */
  async function writeRound(together: readonly Waiting[]): Promise<void> {
    const unique = new Map(together.flatMap(({ chunks }) => chunks.map((one) => [one.hash, one])));
    const packs = cutIntoPacks([...unique.values()], given.packBytes);
    const written = await Promise.all(packs.map(writePack));
    const places = new Map(written.flatMap((one) => ('places' in one ? [...one.places] : [])));
    const error = written.find((one) => 'error' in one)?.error;
    for (const one of together) answer(one, places, error);
  }

  async function writePack(chunks: readonly Stored[]): Promise<Written> {
    try {
      const name = given.newName();
      const { parts, places } = encodePack(name, chunks);
      await given.objects.put(name, parts);
      return { places: new Map(places.map((place) => [place.hash, place])) };
    } catch (error) {
      return { error };
    }
  }

  return (chunks: readonly Stored[]): Promise<ChunkPlace[]> => {
    if (chunks.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      waiting.push({ chunks, resolve, reject });
      if (!isWriting) void writeAll();
    });
  };
}

/** The first ones that fit; at least one. */
function takeRound(waiting: readonly Waiting[], limit: number): Waiting[] {
  const taken: Waiting[] = [];
  let bytes = 0;
  for (const one of waiting) {
    bytes += one.chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0);
    if (taken.length > 0 && bytes > limit) break;
    taken.push(one);
  }
  return taken;
}

function cutIntoPacks(chunks: readonly Stored[], limit: number): Stored[][] {
  const packs: Stored[][] = [];
  let filled = Number.POSITIVE_INFINITY;
  for (const chunk of chunks) {
    const bytes = FRAME_BYTES + chunk.bytes.length;
    if (filled + bytes > limit) {
      packs.push([]);
      filled = HEADER.length;
    }
    packs.at(-1)?.push(chunk);
    filled += bytes;
  }
  return packs;
}

/** Whose chunks are all durable has succeeded, even if another pack of the round failed. */
function answer(one: Waiting, places: Places, error: unknown): void {
  const found = one.chunks.flatMap(({ hash }) => places.get(hash) ?? []);
  if (found.length === one.chunks.length) one.resolve(found);
  else one.reject(error);
}
