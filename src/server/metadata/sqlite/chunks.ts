import type { Database, Statement } from 'better-sqlite3';
import type { ChunkRef, Manifest } from '../../../core/chunk.ts';
import type { ChunkPlace, Scrubbing } from '../../ports.ts';
import { fromHex, list, type Row, toHex } from './rows.ts';

/** Bytes of one chunk in a packed manifest: its hash and its size. */
export const CHUNK_BYTES = 36;
export const HASH_BYTES = 32;

/** Where chunks lie, and which of them make a content, as one connection sees it. */
export class ChunkTable {
  readonly #places: Statement<unknown[], Row>;
  readonly #known: Statement<unknown[], string>;
  readonly #manifests: Statement<unknown[], Row>;
  readonly #addPlace: Statement;
  readonly #addManifest: Statement;
  readonly #after: Statement<unknown[], Row>;
  readonly #packs: Statement<unknown[], [string, number]>;
  readonly #scrubbing: Statement<unknown[], Scrubbing>;
  readonly #putScrubbing: Statement;

  constructor(database: Database) {
    this.#places = database
      .prepare<unknown[], Row>(
        `SELECT c.hash, c.size, c.pack, c.offset, c.length, c.encoding FROM json_each(?) j
         CROSS JOIN chunks c ON c.folder = ? AND c.hash = unhex(j.value)`,
      )
      .raw(true);
    this.#known = database
      .prepare<unknown[], string>(
        `SELECT lower(hex(c.hash)) FROM json_each(?) j
         CROSS JOIN chunks c ON c.folder = ? AND c.hash = unhex(j.value)`,
      )
      .pluck();
    this.#manifests = database
      .prepare<unknown[], Row>(
        `SELECT m.checksum, m.size, m.chunks FROM json_each(?) j
         CROSS JOIN manifests m ON m.folder = ? AND m.checksum = unhex(j.value)`,
      )
      .raw(true);
    this.#addPlace = database.prepare(
      `INSERT INTO chunks (folder, hash, size, pack, offset, length, encoding)
       VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#addManifest = database.prepare(
      `INSERT INTO manifests (folder, checksum, size, chunks)
       VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#after = database
      .prepare<unknown[], Row>(
        `SELECT hash, size, pack, offset, length, encoding FROM chunks
         WHERE folder = ? AND hash > unhex(?) ORDER BY hash LIMIT ?`,
      )
      .raw(true);
    this.#packs = database
      .prepare<unknown[], [string, number]>(
        'SELECT pack, max(offset + length) FROM chunks WHERE folder = ? GROUP BY pack',
      )
      .raw(true);
    this.#scrubbing = database.prepare('SELECT after, begun FROM scrubbing WHERE folder = ?');
    this.#putScrubbing = database.prepare(
      'INSERT OR REPLACE INTO scrubbing (folder, after, begun) VALUES (?, ?, ?)',
    );
  }

  missing(folder: number, hashes: readonly string[]): string[] {
    const known = new Set(this.#known.all(list(hashes), folder));
    return [...new Set(hashes)].filter((hash) => !known.has(hash));
  }

  places(folder: number, hashes: readonly string[]): ChunkPlace[] {
    return this.#places.all(list(hashes), folder).map(toPlace);
  }

  addPlaces(folder: number, places: readonly ChunkPlace[]): void {
    for (const { hash, size, pack, offset, length, encoding } of places) {
      this.#addPlace.run(folder, fromHex(hash), size, pack, offset, length, encoding);
    }
  }

  after(folder: number, hash: string, limit: number): ChunkPlace[] {
    return this.#after.all(folder, hash, limit).map(toPlace);
  }

  packs(folder: number): Map<string, number> {
    return new Map(this.#packs.all(folder));
  }

  scrubbing(folder: number): Scrubbing | undefined {
    return this.#scrubbing.get(folder);
  }

  putScrubbing(folder: number, { after, begun }: Scrubbing): void {
    this.#putScrubbing.run(folder, after, begun);
  }

  manifests(folder: number, checksums: readonly string[]): Manifest[] {
    return this.#manifests.all(list(checksums), folder).map(toManifest);
  }

  addManifests(folder: number, manifests: readonly Manifest[]): void {
    for (const { checksum, size, chunks } of manifests) {
      this.#addManifest.run(folder, fromHex(checksum), size, pack(chunks));
    }
  }
}

export function toPlace(row: Row): ChunkPlace {
  const [hash, ...rest] = row as [Uint8Array, number, string, number, number, 'raw' | 'zstd'];
  const [size, pack, offset, length, encoding] = rest;
  return { hash: toHex(hash), size, pack, offset, length, encoding };
}

export function toManifest(row: Row): Manifest {
  const [checksum, size, chunks] = row as [Uint8Array, number, Buffer];
  return { checksum: toHex(checksum), size, chunks: unpack(chunks) };
}

function pack(chunks: readonly ChunkRef[]): Uint8Array {
  const bytes = Buffer.alloc(chunks.length * CHUNK_BYTES);
  chunks.forEach(({ hash, size }, i) => {
    bytes.set(fromHex(hash), i * CHUNK_BYTES);
    bytes.writeUInt32LE(size, i * CHUNK_BYTES + HASH_BYTES);
  });
  return bytes;
}

function unpack(bytes: Buffer): ChunkRef[] {
  return Array.from({ length: bytes.length / CHUNK_BYTES }, (_, i) => ({
    hash: toHex(bytes.subarray(i * CHUNK_BYTES, i * CHUNK_BYTES + HASH_BYTES)),
    size: bytes.readUInt32LE(i * CHUNK_BYTES + HASH_BYTES),
  }));
}
