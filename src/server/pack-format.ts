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

/** The object of a pack, and where in it each chunk lies, in the order given. */
export function encodePack(
  pack: string,
  chunks: readonly Stored[],
): { readonly bytes: Uint8Array; readonly places: ChunkPlace[] } {
  const sum = chunks.reduce((before, chunk) => before + FRAME_BYTES + chunk.bytes.length, 0);
  const object = Buffer.allocUnsafe(HEADER.length + sum);
  const places: ChunkPlace[] = [];
  let at = HEADER.copy(object);
  for (const chunk of chunks) {
    const { hash, size, encoding, bytes } = chunk;
    const offset = at + FRAME_BYTES;
    places.push({ hash, size, pack, offset, length: bytes.length, encoding });
    encodeFrame(object, at, chunk);
    at = offset + bytes.length;
  }
  return { bytes: object, places };
}

function encodeFrame(object: Buffer, at: number, { hash, size, encoding, bytes }: Stored): void {
  object.write(hash, at, 32, 'hex');
  object.writeUInt32BE(size, at + 32);
  object.writeUInt32BE(bytes.length, at + 36);
  object.writeUInt8(ENCODINGS.indexOf(encoding), at + 40);
  object.set(bytes, at + FRAME_BYTES);
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
