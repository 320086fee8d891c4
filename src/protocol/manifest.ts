import Type, { type Static } from 'typebox';
import type { Manifest } from '../core/chunk.ts';
import { Failure } from './failure.ts';
import { MAX_CHECKSUMS, MAX_CHUNK, MAX_HASHES, MAX_MANIFEST_CHUNKS } from './limits.ts';
import { Bytes, Sha256 } from './scalar.ts';

const CLOSED = { additionalProperties: false };

/** A content of several chunks, in their order. */
export const WireManifest = Type.Object(
  {
    checksum: Sha256,
    size: Bytes,
    chunks: Type.Array(
      Type.Object({ hash: Sha256, size: Type.Integer({ minimum: 1, maximum: MAX_CHUNK }) }, CLOSED),
      { minItems: 1, maxItems: MAX_MANIFEST_CHUNKS },
    ),
  },
  CLOSED,
);
export type WireManifest = Static<typeof WireManifest>;

export const Hashes = Type.Object({ hashes: Type.Array(Sha256, { maxItems: MAX_HASHES }) }, CLOSED);
export type Hashes = Static<typeof Hashes>;

export const Missing = Type.Object({ missing: Type.Array(Sha256) });
export type Missing = Static<typeof Missing>;

export const Stored = Type.Object({
  stored: Type.Integer({ minimum: 0, description: 'Chunks taken.' }),
});
export type Stored = Static<typeof Stored>;

export const Checksums = Type.Object(
  { checksums: Type.Array(Sha256, { maxItems: MAX_CHECKSUMS }) },
  CLOSED,
);
export type Checksums = Static<typeof Checksums>;

/** Contents that the server lacks, or that are one chunk, are not in it. */
export const Manifests = Type.Object({ manifests: Type.Array(WireManifest) });
export type Manifests = Static<typeof Manifests>;

export const manifestToWire = ({ checksum, size, chunks }: Manifest): WireManifest => ({
  checksum,
  size,
  chunks: chunks.map((chunk) => ({ hash: chunk.hash, size: chunk.size })),
});

/** Throws Failure `bad_request` when the chunks do not add up to the size. */
export function manifestFromWire(manifest: WireManifest): Manifest {
  let size = 0;
  for (const chunk of manifest.chunks) size += chunk.size;
  if (size !== manifest.size) {
    throw new Failure(
      'bad_request',
      `The chunks of ${manifest.checksum} do not add up to its size.`,
    );
  }
  return manifest;
}
