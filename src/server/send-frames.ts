import { frameHeader } from '../protocol/frame.ts';
import { type Elsewhere, isElsewhereWell } from './is-elsewhere-well.ts';
import { ChunkRotten } from './pack-read.ts';
import type { Packs } from './packs.ts';
import { type ChunkPlace, ObjectFailure } from './ports.ts';

/** After an error of the disk, so many are read one by one, to find those that it does not give. */
const CAREFUL = 512;
/** Of them, before the first that is given: then the disk is not there. */
const HOPELESS = 8;

/**
 * Chunks as frames, as they are stored: nothing is encoded anew. One that rotted, or that the disk does not give, is
 * left out, as if the server lacked it: the others are not to wait for it. Throws ObjectFailure when none can be read,
 * of other packs neither.
 */
export async function* sendFrames(
  elsewhere: Elsewhere & { readonly packs: Packs },
  places: readonly ChunkPlace[],
): AsyncGenerator<Uint8Array> {
  const { packs } = elsewhere;
  const waiting = places.toSorted(byPackAndOffset);
  let [sent, failed, careful] = [0, 0, 0];
  while (waiting.length > 0) {
    const isAlone = careful > 0 || waiting.length === 1;
    try {
      for await (const stored of packs.readStored(isAlone ? waiting.slice(0, 1) : [...waiting])) {
        yield frameHeader(stored);
        yield stored.bytes;
        waiting.shift();
        sent += 1;
      }
    } catch (error) {
      if (error instanceof ObjectFailure && !isAlone) {
        careful = CAREFUL;
        continue;
      }
      if (!isKnown(error)) throw error;
      const place = waiting.shift();
      if (error instanceof ChunkRotten || place === undefined) continue;
      failed += 1;
      const isHopeless = sent === 0 && (failed === HOPELESS || waiting.length === 0);
      if (isHopeless && !(await isElsewhereWell(elsewhere, place))) throw error;
    }
    careful = Math.max(0, careful - 1);
  }
}

const isKnown = (error: unknown): boolean =>
  error instanceof ChunkRotten || error instanceof ObjectFailure;

const byPackAndOffset = (a: ChunkPlace, b: ChunkPlace): number =>
  a.pack === b.pack ? a.offset - b.offset : a.pack < b.pack ? -1 : 1;
