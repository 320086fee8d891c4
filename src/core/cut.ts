import type { ChunkRef } from './chunk.ts';
import { GEAR } from './gear.ts';

/**
 * Names everything that decides where a content is cut: this file, the gear table and
 * `cutParameters`.
 */
export const CUT_ALGORITHM = 'fastcdc-1';

/** Bytes. */
export interface CutParameters {
  /** No chunk but a content's last is smaller. */
  readonly minimum: number;
  /** A power of two from 256 to 4 MiB: where cutting turns from unlikely to likely. */
  readonly average: number;
  /** No chunk is larger. */
  readonly maximum: number;
}

/** Finds the chunks of one content as its bytes come by; it neither keeps nor changes them. */
export interface Cutter {
  /**
   * The lengths of the chunks that end in these bytes, in order. They do not depend on how a
   * content is split into pushes.
   */
  push(bytes: Uint8Array): number[];
  /** The length of the last chunk, if there is one, and a new beginning. */
  end(): number[];
}

/**
 * FastCDC with normalized chunking, level 2 (Xia et al., 2016 and 2020): a chunk ends where the
 * gear hash of the bytes before has zeros under a mask, which has two bits more than the average
 * asks for before that length, and two bits less after it.
 */
export function cutter({ minimum, average, maximum }: CutParameters): Cutter {
  const bits = 31 - Math.clz32(average);
  const [unlikely, likely] = [maskOf(bits + 2), maskOf(bits - 2)];
  const state = { hash: 0 };
  let length = 0;

  const finish = (): number => {
    const whole = length;
    length = 0;
    state.hash = 0;
    return whole;
  };

  const push = (bytes: Uint8Array): number[] => {
    const found: number[] = [];
    for (let at = 0; at < bytes.length; ) {
      const limit = length < minimum ? minimum : length < average ? average : maximum;
      const to = Math.min(bytes.length, at + limit - length);
      const mask = length < average ? unlikely : likely;
      // Nothing can end before the minimum: these bytes are not even looked at.
      const cut = length < minimum ? NONE : scan(bytes, { from: at, to, mask, state });
      length += (cut === NONE ? to : cut) - at;
      at = cut === NONE ? to : cut;
      if (cut !== NONE || length === maximum) found.push(finish());
    }
    return found;
  };
  return { push, end: () => (length === 0 ? [] : [finish()]) };
}

const NONE = -1;

/**
 * So many ones, from bit 30 down: the high bits know the most bytes, and bit 31 would make the
 * numbers slow.
 */
const maskOf = (bits: number): number => (2 ** bits - 1) * 2 ** (31 - bits);

interface Range {
  readonly from: number;
  readonly to: number;
  readonly mask: number;
  readonly state: { hash: number };
}

/**
 * The place right after the first byte that ends a chunk, or NONE. There is at least one byte to
 * scan. Most of the cost of cutting is here. One short loop over a local table measured faster than
 * the same unrolled two or four times; `| 0` keeps the numbers 32 bits wide.
 */
function scan(bytes: Uint8Array, { from, to, mask, state }: Range): number {
  const gear = GEAR;
  let hash = state.hash;
  let at = from;
  do {
    hash = ((hash << 1) + (gear[bytes[at] as number] as number)) | 0;
    at = (at + 1) | 0;
  } while (at < to && (hash & mask) !== 0);
  state.hash = hash;
  return (hash & mask) === 0 ? at : NONE;
}

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

/**
 * What contents up to `size` bytes are cut to on average: 16,384 chunks a content or fewer; in the
 * last line 32,768 for 128 GiB.
 */
const AVERAGES: readonly { readonly size: number; readonly average: number }[] = [
  { size: 64 * MIB, average: 64 * KIB },
  { size: GIB, average: 128 * KIB },
  { size: 4 * GIB, average: 256 * KIB },
  { size: 8 * GIB, average: 512 * KIB },
  { size: 16 * GIB, average: MIB },
  { size: 32 * GIB, average: 2 * MIB },
  { size: Number.POSITIVE_INFINITY, average: 4 * MIB },
];

/** The largest chunk of all, in bytes: no request, pack or buffer has to hold more in one piece. */
export const MAX_CHUNK_SIZE = 8 * MIB;

/** Contents up to so many bytes are one chunk. */
export const MAX_WHOLE_SIZE = 64 * KIB;

/**
 * How a content of `size` bytes is cut. Chunks grow with the content, so that its manifest stays
 * small; but one that grows or shrinks a little beyond a line is cut as it was `before`, or none of
 * its chunks would be the same any more.
 */
export function cutParameters(size: number, before: readonly ChunkRef[] = []): CutParameters {
  const usual = AVERAGES.findIndex((line) => size <= line.size);
  const parameters = parametersAt(usual);
  if (size <= MAX_WHOLE_SIZE) return { ...parameters, minimum: MAX_WHOLE_SIZE };
  const near = [parameters, parametersAt(usual - 1), parametersAt(usual + 1)];
  return near.find((one) => isCutSo(before, one)) ?? parameters;
}

function parametersAt(line: number): CutParameters {
  const { average } = AVERAGES[Math.max(line, 0)] ?? { average: 4 * MIB };
  return { minimum: average / 4, average, maximum: Math.min(average * 4, MAX_CHUNK_SIZE) };
}

/** Of several chunks, and of each but the last. */
function isCutSo(chunks: readonly ChunkRef[], { minimum, maximum }: CutParameters): boolean {
  const whole = chunks.slice(0, -1);
  return whole.length > 0 && whole.every(({ size }) => size >= minimum && size <= maximum);
}
