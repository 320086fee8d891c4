import type { ChunkPlace } from './ports.ts';

/**
 * A pack is a header of 8 bytes (`SYNCPAK` in ASCII, then the version, 1) and frames, one after
 * another to the end. A frame is one chunk, and tells by itself what a row of the database tells of
 * it. Numbers are unsigned and big-endian.
 *
 *     offset  bytes   what
 *          0     32   SHA-256 of the chunk: its name
 *         32      4   size: bytes of the chunk itself
 *         36      4   length: bytes that follow in this frame, after encoding
 *         40      1   encoding: 0 as they are, 1 zstd (one or more frames of RFC 8878)
 *         41 length   the bytes; a ChunkPlace's offset points here
 */
export const HEADER = Buffer.from('SYNCPAK\x01', 'latin1');
export const FRAME_BYTES = 41;

const ENCODINGS: readonly ChunkPlace['encoding'][] = ['raw', 'zstd'];

/** A chunk as it is stored, verified. */
export interface Stored {
  /** SHA-256 of the chunk itself, lower-case hex. */
  readonly hash: string;
  /** Bytes of the chunk itself. */
  readonly size: number;
  readonly encoding: ChunkPlace['encoding'];
  readonly bytes: Uint8Array;
}

/** Smaller chunks are copied together, larger ones written from where they are. Bytes. */
const LARGE = 16 * 1024;

/** The parts of a pack's object, and where in it each chunk lies, in the order given. */
export function encodePack(
  pack: string,
  chunks: readonly Stored[],
): { readonly parts: readonly Uint8Array[]; readonly places: ChunkPlace[] } {
  const copied = chunks.reduce((sum, { bytes }) => sum + FRAME_BYTES + copiedOf(bytes), 0);
  const memory = Buffer.allocUnsafe(HEADER.length + copied);
  const parts: Uint8Array[] = [];
  const places: ChunkPlace[] = [];
  let [begun, at] = [0, HEADER.copy(memory)];
  let offset = at;
  for (const chunk of chunks) {
    const { hash, size, encoding, bytes } = chunk;
    offset += FRAME_BYTES;
    places.push({ hash, size, pack, offset, length: bytes.length, encoding });
    at = encodeFrame(memory, at, chunk);
    offset += bytes.length;
    if (copiedOf(bytes) === bytes.length) continue;
    parts.push(memory.subarray(begun, at), bytes);
    begun = at;
  }
  return { parts: [...parts, memory.subarray(begun, at)], places };
}

const copiedOf = ({ length }: Uint8Array): number => (length < LARGE ? length : 0);

/** Answers where it ends in the memory: behind its header, or its bytes. */
function encodeFrame(memory: Buffer, at: number, { hash, size, encoding, bytes }: Stored): number {
  memory.write(hash, at, 32, 'hex');
  memory.writeUInt32BE(size, at + 32);
  memory.writeUInt32BE(bytes.length, at + 36);
  memory.writeUInt8(ENCODINGS.indexOf(encoding), at + 40);
  if (copiedOf(bytes) > 0) memory.set(bytes, at + FRAME_BYTES);
  return at + FRAME_BYTES + copiedOf(bytes);
}

/**
 * The frames of a pack's object, unverified. `tornAt`: from this offset on it is no pack (cut
 * short, or its frame rotted); what follows cannot be found without the database.
 */
export function decodePack(
  pack: string,
  object: Uint8Array,
): { readonly places: ChunkPlace[]; readonly tornAt?: number } {
  const bytes = Buffer.from(object.buffer, object.byteOffset, object.length);
  const places: ChunkPlace[] = [];
  if (!bytes.subarray(0, HEADER.length).equals(HEADER)) return { places, tornAt: 0 };
  for (let at = HEADER.length; at < bytes.length; ) {
    const place = decodeFrame(pack, bytes, at);
    if (!place) return { places, tornAt: at };
    places.push(place);
    at = place.offset + place.length;
  }
  return { places };
}

function decodeFrame(pack: string, bytes: Buffer, at: number): ChunkPlace | undefined {
  const offset = at + FRAME_BYTES;
  if (offset > bytes.length) return undefined;
  const hash = bytes.toString('hex', at, at + 32);
  const size = bytes.readUInt32BE(at + 32);
  const length = bytes.readUInt32BE(at + 36);
  const encoding = ENCODINGS[bytes.readUInt8(at + 40)];
  if (!encoding || offset + length > bytes.length) return undefined;
  return { hash, size, pack, offset, length, encoding };
}
