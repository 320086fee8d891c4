import { Failure } from './failure.ts';
import { fromHex, toHex } from './hex.ts';
import { MAX_CHUNK } from './limits.ts';

/**
 * Chunks as they travel in bulk, one frame after the other, with nothing between:
 * 32 bytes hash · u32 size of the chunk · u32 length of what follows · u8 encoding · the bytes.
 * Numbers are big-endian.
 */
export interface Frame {
  /** SHA-256 of the chunk, lower-case hex. Nothing here checks it. */
  readonly hash: string;
  /** Bytes of the chunk itself. */
  readonly size: number;
  readonly encoding: Encoding;
  /** The chunk, encoded. */
  readonly bytes: Uint8Array;
}

export type Encoding = 'raw' | 'zstd';

export const FRAME_HEADER = 41;
/** Memory that is taken for a frame as soon as it is announced: most are no larger, and then nothing is copied twice. */
const AT_ONCE = 256 * 1024;
/** Their places are their numbers on the wire. */
const ENCODINGS: readonly Encoding[] = ['raw', 'zstd'];
const HASH = 32;

/**
 * What goes before the frame's bytes. Throws Failure `bad_request` for a frame that nobody would
 * decode.
 */
export function frameHeader({ hash, size, encoding, bytes }: Frame): Uint8Array {
  const name = fromHex(hash);
  if (name?.length !== HASH) throw new Failure('bad_request', 'This is not the hash of a chunk.');
  checkSizes({ size, length: bytes.length, encoding });
  const header = new Uint8Array(FRAME_HEADER);
  const view = new DataView(header.buffer);
  header.set(name);
  view.setUint32(HASH, size);
  view.setUint32(HASH + 4, bytes.length);
  view.setUint8(HASH + 8, ENCODINGS.indexOf(encoding));
  return header;
}

type Header = Omit<Frame, 'bytes'> & { readonly length: number };

/** So much memory, for bytes of a frame. */
export type TakeMemory = (length: number) => Uint8Array;

/**
 * Frames out of a stream of bytes that was cut anywhere. Frames that lie whole in one piece share
 * its memory. It never holds more than one frame, and no more memory for that than twice what has
 * come, or 256 KiB, taken as `takeMemory` says: a frame's bytes are in there.
 */
export class FrameDecoder {
  readonly #takeMemory: TakeMemory;
  #header: Header | undefined;
  #held: Uint8Array = new Uint8Array(FRAME_HEADER);
  #length = 0;
  #broken = false;

  constructor(takeMemory: TakeMemory = (length) => new Uint8Array(length)) {
    this.#takeMemory = takeMemory;
  }

  /**
   * The frames that these bytes complete. Throws Failure `bad_request` on nonsense, and ever after.
   */
  push(bytes: Uint8Array): Frame[] {
    if (this.#broken)
      throw new Failure('bad_request', 'The frames before these could not be read.');
    this.#broken = true;
    const frames: Frame[] = [];
    for (let rest = bytes; ; ) {
      const wanted = this.#header?.length ?? FRAME_HEADER;
      const part = this.#take(rest, wanted);
      rest = rest.subarray(Math.min(rest.length, wanted - part.before));
      if (part.whole === undefined) break;
      const frame = this.#next(part.whole);
      if (frame !== undefined) frames.push(frame);
    }
    this.#broken = false;
    return frames;
  }

  /** Nothing is held that was taken of the memory. */
  get isBetween(): boolean {
    return this.#header === undefined;
  }

  /** Throws Failure `bad_request` when the bytes ended inside a frame. */
  finish(): void {
    if (this.#broken || this.#header !== undefined || this.#length > 0) {
      throw new Failure('bad_request', 'The frames end in the middle of one.');
    }
  }

  /**
   * `wanted` bytes in one piece, once they are all there; `before`: how many of them were there
   * already.
   */
  #take(bytes: Uint8Array, wanted: number): { before: number; whole: Uint8Array | undefined } {
    const before = this.#length;
    if (before === 0 && bytes.length >= wanted) return { before, whole: bytes.subarray(0, wanted) };
    const added = bytes.subarray(0, wanted - before);
    this.#length += added.length;
    if (this.#held.length < this.#length) this.#grow(wanted);
    this.#held.set(added, before);
    if (this.#length < wanted) return { before, whole: undefined };
    const whole = this.#held.subarray(0, wanted);
    this.#held = new Uint8Array(FRAME_HEADER);
    this.#length = 0;
    return { before, whole };
  }

  #grow(wanted: number): void {
    const larger = this.#takeMemory(Math.min(wanted, Math.max(AT_ONCE, 2 * this.#length)));
    larger.set(this.#held.subarray(0, Math.min(this.#held.length, larger.length)));
    this.#held = larger;
  }

  #next(whole: Uint8Array): Frame | undefined {
    if (this.#header === undefined) {
      this.#header = readHeader(whole);
      return undefined;
    }
    const { hash, size, encoding } = this.#header;
    this.#header = undefined;
    return { hash, size, encoding, bytes: whole };
  }
}

function readHeader(bytes: Uint8Array): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const encoding = ENCODINGS[view.getUint8(HASH + 8)];
  if (encoding === undefined)
    throw new Failure('bad_request', 'A frame is encoded in an unknown way.');
  const header = { size: view.getUint32(HASH), length: view.getUint32(HASH + 4), encoding };
  checkSizes(header);
  return { hash: toHex(bytes.subarray(0, HASH)), ...header };
}

/** No chunk is empty, none is larger than it may be, and encoding never makes one larger. */
function checkSizes({ size, length, encoding }: Omit<Header, 'hash'>): void {
  const fitting = encoding === 'raw' ? length === size : length > 0 && length <= size;
  if (size > 0 && size <= MAX_CHUNK && fitting) return;
  throw new Failure('bad_request', 'The sizes of a frame are not those of a chunk.');
}
