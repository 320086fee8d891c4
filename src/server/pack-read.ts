import { inGroups } from '../core/in-groups.ts';
import { Arena } from './arena.ts';
import type { Stored } from './pack-format.ts';
import { takingTurns } from './pack-turns.ts';
import { decodeStored, openStored } from './pack-verify.ts';
import { type ChunkPlace, ObjectFailure, type ObjectStore, type Quarantined } from './ports.ts';

/** Asked of the store before the first is handed on: with the gaps, what a read holds in memory. */
const WINDOW = { size: 8 * 1024 * 1024, count: 512 };
/** Bytes between two chunks that are rather read along than asked around. */
const GAP = 64 * 1024;
const GETS_AT_ONCE = 8;

/**
 * A chunk cannot be read back as it was (D12, D13): its bytes are others (`changed`), or its pack
 * is gone or too short (`absent`). To be quarantined, reported, and taken again from who has it.
 */
export class ChunkRotten extends Error {
  readonly place: ChunkPlace;
  readonly reason: Quarantined['reason'];
  constructor(place: ChunkPlace, reason: Quarantined['reason'], options?: ErrorOptions) {
    super(`a stored chunk is not what it was: ${reason}`, options);
    this.name = 'ChunkRotten';
    this.place = place;
    this.reason = reason;
  }
}

/**
 * The chunks in the order of the places, a place named twice twice; each with its own `plain` bytes
 * and as it is stored. `isVerified` false: what it is is not looked at, for a caller who verifies the whole, and keeps nothing:
 * bytes then hold until the next is asked for. Throws ChunkRotten in its turn, after those before it; ObjectFailure
 * `unavailable` when the store cannot be read at all.
 */
export async function* readChunks(
  objects: ObjectStore,
  places: readonly ChunkPlace[],
  { isVerified = true }: { readonly isVerified?: boolean } = {},
): AsyncGenerator<{ readonly stored: Stored; readonly plain: Uint8Array }> {
  const worked = takingTurns();
  const memory = isVerified ? undefined : new Arena(2 * WINDOW.size);
  for (const window of inGroups(places, WINDOW, ({ length }) => length)) {
    memory?.free();
    const found = await fetchAll({ objects, memory }, window);
    for (const place of window) {
      const bytes = found.get(place);
      if (!bytes) throw new ChunkRotten(place, 'absent');
      const stored = { hash: place.hash, size: place.size, encoding: place.encoding, bytes };
      const plain = await (isVerified ? openStored(stored) : decodeStored(stored));
      if (!plain) throw new ChunkRotten(place, 'changed');
      yield { stored, plain };
      await worked(place.size);
    }
  }
}

type Found = Map<ChunkPlace, Uint8Array>;

interface From {
  readonly objects: ObjectStore;
  readonly memory: Arena | undefined;
}

/** Places that are absent are not in the answer. */
async function fetchAll(from: From, window: readonly ChunkPlace[]): Promise<Found> {
  const found: Found = new Map();
  const runs = runsOf(window).values();
  const worker = async () => {
    for (const run of runs) await fetchRun(from, run, found);
  };
  await Promise.all(Array.from({ length: GETS_AT_ONCE }, worker));
  return found;
}

/** Places that one get answers: of one pack, by offset, near each other. */
function runsOf(window: readonly ChunkPlace[]): ChunkPlace[][] {
  const runs: ChunkPlace[][] = [];
  let end = 0;
  for (const place of window.toSorted(byPackAndOffset)) {
    const run = runs.at(-1);
    const isNear = run?.[0]?.pack === place.pack && place.offset <= end + GAP;
    if (run && isNear) run.push(place);
    else runs.push([place]);
    end = Math.max(isNear ? end : 0, place.offset + place.length);
  }
  return runs;
}

function byPackAndOffset(a: ChunkPlace, b: ChunkPlace): number {
  if (a.pack !== b.pack) return a.pack < b.pack ? -1 : 1;
  return a.offset - b.offset;
}

/** A pack that was cut short still has its first chunks: then each is asked for alone. */
async function fetchRun(from: From, run: readonly ChunkPlace[], found: Found): Promise<void> {
  const [first] = run;
  if (!first) return;
  const end = Math.max(...run.map((place) => place.offset + place.length));
  const range = { offset: first.offset, length: end - first.offset };
  const bytes = await getUnlessAbsent(from, first.pack, range);
  if (!bytes) {
    if (run.length > 1) for (const place of run) await fetchRun(from, [place], found);
    return;
  }
  for (const place of run) {
    const start = place.offset - first.offset;
    found.set(place, bytes.subarray(start, start + place.length));
  }
}

async function getUnlessAbsent(
  { objects, memory }: From,
  pack: string,
  range: { readonly offset: number; readonly length: number },
): Promise<Uint8Array | undefined> {
  try {
    return await objects.get(pack, range, memory?.take(range.length));
  } catch (error) {
    if (error instanceof ObjectFailure && error.code === 'absent') return undefined;
    throw error;
  }
}
