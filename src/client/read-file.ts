import { createHash } from 'node:crypto';
import type { ChunkRef, Manifest } from '../core/chunk.ts';
import { type CutParameters, cutParameters, cutter } from '../core/cut.ts';
import { type Hashing, HashingLost } from './hasher.ts';
import { type Disk, DiskError, type Look, type Path } from './ports.ts';

/** A file's content as it was at one moment. */
export interface ReadFile {
  readonly manifest: Manifest;
  /** The look that the content belongs to. */
  readonly look: Look;
}

/** Somebody who follows the reading of a file, which may turn out to be torn. */
export interface Follower {
  /** More of a chunk; the bytes hold for this call. */
  take(bytes: Uint8Array): void;
  /** The chunk of all that was taken since the one before. */
  end(ref: ChunkRef): void;
  /** Nothing more is read before this resolves. */
  ready(): Promise<void>;
}

/** What is known when a file is read. */
interface Knowing {
  /** How it was cut before: most chunks of an edited file are the same again. */
  readonly chunksBefore?: readonly ChunkRef[] | undefined;
  /** Follows the first reading of a file that is not being written to, as far as can be told. */
  readonly follower?: Follower | undefined;
}

/**
 * Reads, cuts and hashes a file. One that was written to meanwhile is read again; one that does not
 * hold still throws DiskError 'changed': a torn mix of two versions is never an answer (C01).
 */
export async function readFile(
  disk: Disk,
  path: Path,
  { chunksBefore, follower }: Knowing = {},
): Promise<ReadFile> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const before = await disk.look(path);
    if (before === undefined) throw new DiskError('absent', path);
    if (before.kind !== 'file') throw new DiskError('changed', path);
    const parameters = cutParameters(before.size, chunksBefore);
    const isFollowed = attempt === 0 && before.fingerprint !== '';
    const manifest = await readOnce(disk, path, {
      whole: disk.hasher.open(before),
      parameters,
      follower: isFollowed ? follower : undefined,
    });
    if (manifest === undefined) continue;
    const after = await disk.look(path);
    if (after !== undefined && isSame(before, after) && manifest.size === after.size) {
      return { manifest, look: before.fingerprint === '' ? { ...after, fingerprint: '' } : after };
    }
  }
  throw new DiskError('changed', path);
}

/** Of two looks of which one may be racy: whether anything was written in between that the system shows. */
export function isSame(before: Look, after: Look): boolean {
  if (before.kind !== after.kind || before.inode !== after.inode) return false;
  if (before.shown !== undefined && after.shown !== undefined) return before.shown === after.shown;
  if (before.fingerprint !== '' && after.fingerprint !== '') {
    return before.fingerprint === after.fingerprint;
  }
  return before.size === after.size && before.mtime === after.mtime;
}

interface Naming {
  readonly whole: Hashing;
  readonly parameters: CutParameters;
  readonly follower: Follower | undefined;
}

/** Undefined: it has to be read again, through no fault of the file. */
async function readOnce(disk: Disk, path: Path, naming: Naming): Promise<Manifest | undefined> {
  try {
    return await name(disk.read(path, undefined, 'lent'), naming);
  } catch (error) {
    if (error instanceof HashingLost) return undefined;
    throw error;
  } finally {
    naming.whole.abandon();
  }
}

async function name(
  bytes: AsyncIterable<Uint8Array>,
  { whole, parameters, follower }: Naming,
): Promise<Manifest> {
  const cutting = cutter(parameters);
  const chunks = new ChunkHasher(follower);
  let total = 0;
  for await (const piece of bytes) {
    // Elsewhere, where it is large; its chunks are named here meanwhile.
    const pushed = whole.push(piece);
    total += piece.length;
    chunks.add(piece, cutting.push(piece));
    await pushed;
    await follower?.ready();
  }
  chunks.close(cutting.end());
  return { checksum: await whole.end(), size: total, chunks: chunks.refs };
}

/** Names the chunks of a stream, given where it is cut. */
class ChunkHasher {
  readonly refs: ChunkRef[] = [];
  readonly #follower: Follower | undefined;
  #hash = createHash('sha256');
  #size = 0;

  constructor(follower: Follower | undefined) {
    this.#follower = follower;
  }

  /** `lengths`: of the chunks that end in these bytes. */
  add(bytes: Uint8Array, lengths: readonly number[]): void {
    let from = 0;
    for (const length of lengths) {
      const to = from + length - this.#size;
      this.#take(bytes.subarray(from, to));
      this.#end();
      from = to;
    }
    this.#take(bytes.subarray(from));
  }

  close(lengths: readonly number[]): void {
    if (lengths.length > 1) throw new Error('A cutter ends with one chunk at most.');
    if (this.#size > 0) this.#end();
  }

  #take(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#size += bytes.length;
    this.#follower?.take(bytes);
  }

  #end(): void {
    const ref = { hash: this.#hash.digest('hex'), size: this.#size };
    this.refs.push(ref);
    this.#follower?.end(ref);
    this.#hash = createHash('sha256');
    this.#size = 0;
  }
}
