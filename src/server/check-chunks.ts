import { ChunkRotten } from './pack-read.ts';
import type { Packs } from './packs.ts';
import { type ChunkPlace, type FolderName, type MetadataStore, ObjectFailure } from './ports.ts';

export interface ChunkCheckParts {
  readonly metadata: Pick<MetadataStore, 'chunksAfter'>;
  readonly folder: FolderName;
  readonly packs: Pick<Packs, 'read'>;
  /** Bytes of each object that is there. */
  readonly sizes: ReadonlyMap<string, number>;
  /** 0 to 100. */
  readonly readPercent: number;
  /** At least 0, less than 1: which ones are read, others each time. */
  readonly random: () => number;
  readonly progressed: (chunks: number) => void;
}

export interface CheckedChunks {
  readonly chunks: number;
  readonly read: number;
  /** What is wrong with a chunk, by its hash. */
  readonly broken: ReadonlyMap<string, string>;
}

const PAGE = 1000;

/** Whether each chunk's pack is there and long enough, and some of the chunks are what their names say. */
export async function checkChunks(parts: ChunkCheckParts): Promise<CheckedChunks> {
  const { metadata, folder, readPercent, random, progressed } = parts;
  const broken = new Map<string, string>();
  let [chunks, read] = [0, 0];
  for (let after = ''; ; ) {
    const page = await metadata.chunksAfter(folder, after, PAGE);
    const whole = page.filter((place) => isWhole(parts, place, broken));
    const sample = whole.filter(() => random() * 100 < readPercent);
    for (const place of sample) {
      const reason = await reasonOf(parts.packs, place);
      if (reason !== undefined) broken.set(place.hash, reason);
    }
    chunks += page.length;
    read += sample.length;
    progressed(chunks);
    if (page.length < PAGE) return { chunks, read, broken };
    after = page.at(-1)?.hash ?? '';
  }
}

function isWhole(
  { sizes }: ChunkCheckParts,
  { hash, pack, offset, length }: ChunkPlace,
  broken: Map<string, string>,
): boolean {
  const size = sizes.get(pack);
  if (size !== undefined && size >= offset + length) return true;
  const reason = size === undefined ? 'is not there' : `ends at ${size}, before the chunk does`;
  broken.set(hash, `its pack ${pack} ${reason}`);
  return false;
}

/** undefined: it is what it was. */
async function reasonOf(
  packs: Pick<Packs, 'read'>,
  place: ChunkPlace,
): Promise<string | undefined> {
  try {
    for await (const _ of packs.read([place])) return undefined;
    return 'it cannot be read';
  } catch (error) {
    if (error instanceof ChunkRotten) {
      if (error.reason === 'absent') return `its pack ${place.pack} went away under the check`;
      return `its bytes in pack ${place.pack}, at ${place.offset}, are others than they were`;
    }
    if (!(error instanceof ObjectFailure)) throw error;
    return `pack ${place.pack} cannot be read: ${error.message}`;
  }
}
