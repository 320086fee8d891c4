import Type, { type Static } from 'typebox';
import type { Manifest } from '../core/chunk.ts';
import { isSpan, joinParts, partsOf } from '../core/manifest-parts.ts';
import { Failure } from './failure.ts';
import { MAX_BASES, MAX_CHECKSUMS, MAX_CHUNK, MAX_HASHES, MAX_MANIFEST_CHUNKS } from './limits.ts';
import { Bytes, Count, Sha256 } from './scalar.ts';

const CLOSED = { additionalProperties: false };

const WireChunk = Type.Object(
  { hash: Sha256, size: Type.Integer({ minimum: 1, maximum: MAX_CHUNK }) },
  CLOSED,
);

/** A content of several chunks, in their order. */
const WholeManifest = Type.Object(
  {
    checksum: Sha256,
    size: Bytes,
    chunks: Type.Array(WireChunk, { minItems: 1, maxItems: MAX_MANIFEST_CHUNKS }),
  },
  CLOSED,
);

const WireSpan = Type.Object(
  {
    from: Type.With(Count, { maximum: MAX_MANIFEST_CHUNKS }),
    count: Type.Integer({ minimum: 1, maximum: MAX_MANIFEST_CHUNKS }),
  },
  CLOSED,
);

/** The same, told by the manifest of another content that the other side has: spans of its chunks, and those it lacks. */
const ManifestByAnother = Type.Object(
  {
    checksum: Sha256,
    size: Bytes,
    base: Type.With(Sha256, { description: 'The checksum of the other content.' }),
    parts: Type.Array(Type.Union([WireSpan, WireChunk]), {
      minItems: 1,
      maxItems: MAX_MANIFEST_CHUNKS,
    }),
  },
  CLOSED,
);

export const WireManifest = Type.Union([WholeManifest, ManifestByAnother]);
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
  {
    checksums: Type.Array(Sha256, { maxItems: MAX_CHECKSUMS }),
    bases: Type.Optional(
      Type.Array(Sha256, {
        maxItems: MAX_BASES,
        description: 'Contents whose manifests the client has: others may be told by them.',
      }),
    ),
  },
  CLOSED,
);
export type Checksums = Static<typeof Checksums>;

/** Contents that the server lacks, or that are one chunk, are not in it. */
export const Manifests = Type.Object({ manifests: Type.Array(WireManifest) });
export type Manifests = Static<typeof Manifests>;

/** By one of `bases`, which the other side has, where that is much shorter; else whole. */
export function manifestToWire(
  { checksum, size, chunks }: Manifest,
  bases: readonly Manifest[] = [],
): WireManifest {
  let most = chunks.length / 2;
  let shortest: WireManifest | undefined;
  for (const base of bases) {
    const parts = partsOf({ checksum, size, chunks }, base);
    if (parts.length > most) continue;
    most = parts.length - 1;
    shortest = {
      checksum,
      size,
      base: base.checksum,
      parts: parts.map((part) => (isSpan(part) ? part : { hash: part.hash, size: part.size })),
    };
  }
  return (
    shortest ?? {
      checksum,
      size,
      chunks: chunks.map(({ hash, size: bytes }) => ({ hash, size: bytes })),
    }
  );
}

/** The contents by whose manifests others are told. */
export const basesOf = (manifests: readonly WireManifest[]): string[] => [
  ...new Set(manifests.flatMap((one) => ('base' in one ? [one.base] : []))),
];

/**
 * `bases`: at least those of `basesOf`. Throws Failure `bad_request` when the chunks do not add up to the size, or are
 * not within the other manifest.
 */
export function manifestFromWire(
  manifest: WireManifest,
  bases: ReadonlyMap<string, Manifest> = new Map(),
): Manifest {
  const { checksum, size } = manifest;
  const chunks = 'chunks' in manifest ? manifest.chunks : joinedBy(manifest, bases);
  if (chunks === undefined || chunks.length > MAX_MANIFEST_CHUNKS) {
    throw new Failure('bad_request', `${checksum} is not told by a manifest that is known.`);
  }
  let sum = 0;
  for (const chunk of chunks) sum += chunk.size;
  if (sum !== size) {
    throw new Failure('bad_request', `The chunks of ${checksum} do not add up to its size.`);
  }
  return { checksum, size, chunks };
}

function joinedBy(
  { base, parts }: Extract<WireManifest, { base: string }>,
  bases: ReadonlyMap<string, Manifest>,
): ReturnType<typeof joinParts> {
  const known = bases.get(base);
  return known && joinParts(parts, known);
}
