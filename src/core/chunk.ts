/** One run of bytes of a content, named by its SHA-256 (lower-case hex). */
export interface ChunkRef {
  readonly hash: string;
  /** Bytes. */
  readonly size: number;
}

/** A chunk with its bytes. */
export interface Chunk extends ChunkRef {
  readonly bytes: Uint8Array;
}

/** A whole content: its chunks in order. A content of one chunk has that chunk's name as its checksum. */
export interface Manifest {
  readonly checksum: string;
  /** Bytes; the sum of the chunks' sizes. */
  readonly size: number;
  readonly chunks: readonly ChunkRef[];
}

/** The SHA-256 of no bytes: the one content without chunks. */
export const EMPTY_CHECKSUM = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** The manifest of a content that is one chunk (or none). */
export const single = ({ checksum, size }: { checksum: string; size: number }): Manifest => ({
  checksum,
  size,
  chunks: size === 0 ? [] : [{ hash: checksum, size }],
});
