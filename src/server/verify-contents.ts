import { createHash } from 'node:crypto';
import type { Change, MergedInput } from '../core/change.ts';
import { type Chunk, type Manifest, single } from '../core/chunk.ts';
import type { Commit } from '../protocol/commit.ts';
import { Failure } from '../protocol/failure.ts';
import { ChunkRotten } from './pack-read.ts';
import { chunksOf, type Reading, readContent } from './read-content.ts';
import { type ChunkPorts, storeChunks } from './store-chunks.ts';

/**
 * A content is what its checksum says, before any change names it: every chunk has the size that is
 * told, and a manifest that nobody has sent before is read as a whole and hashed. Else a client's
 * mistake would be everybody's, for the first manifest of a checksum is kept. Answers the chunks that
 * are missing for that: nothing may be committed before they are there. Throws Failure `checksum_mismatch`.
 */
export async function verifyContents(ports: ChunkPorts, commit: Commit): Promise<string[]> {
  const given = new Map(commit.manifests.map((manifest) => [manifest.checksum, manifest]));
  const contents = commit.changes.flatMap((change) =>
    contentsOf(change).map((content) => given.get(content.checksum) ?? single(content)),
  );
  await storeParts(ports, commit);
  const sizes = await sizesOf(ports, commit.chunks, [...contents, ...commit.manifests]);
  for (const { chunks } of [...contents, ...commit.manifests]) {
    for (const { hash, size } of chunks) if ((sizes.get(hash) ?? size) !== size) mismatch();
  }
  const missing = new Set<string>();
  for (const manifest of commit.manifests) {
    if (await isKnown(ports, manifest)) continue;
    const absent = manifest.chunks.filter(({ hash }) => !sizes.has(hash));
    for (const { hash } of absent.length > 0 ? absent : await verify(ports, manifest)) {
      missing.add(hash);
    }
  }
  return [...missing];
}

/** What comes along and is a part of a larger content has to be there to be read with the rest. */
async function storeParts(ports: ChunkPorts, { manifests, chunks }: Commit): Promise<void> {
  if (manifests.length === 0 || chunks.length === 0) return;
  const parts = new Set(manifests.flatMap((one) => one.chunks.map(({ hash }) => hash)));
  await storeChunks(
    ports,
    chunks.filter(({ hash }) => parts.has(hash)),
  );
}

/** The bytes that a change names: its content's, and what that was merged from. */
function contentsOf(change: Change): MergedInput[] {
  if (change.type === 'delete' || change.content === undefined) return [];
  const { content } = change;
  const merged = (change.type === 'update' && change.content?.mergedFrom) || [];
  return 'checksum' in content ? [content, ...merged] : [];
}

function mismatch(): never {
  throw new Failure('checksum_mismatch', 'A content is not what its checksum or size says.');
}

/** Of the chunks that are stored or come along. */
async function sizesOf(
  { metadata, folder }: ChunkPorts,
  sent: readonly Chunk[],
  contents: readonly Manifest[],
): Promise<Map<string, number>> {
  const hashes = new Set(contents.flatMap(({ chunks }) => chunks.map(({ hash }) => hash)));
  const sizes = new Map(sent.map(({ hash, size }) => [hash, size]));
  const asked = [...hashes].filter((hash) => !sizes.has(hash));
  if (asked.length === 0) return sizes;
  for (const { hash, size } of await metadata.chunkPlaces(folder, asked)) sizes.set(hash, size);
  return sizes;
}

/** The same manifest was verified when it came first. */
async function isKnown(ports: ChunkPorts, manifest: Manifest): Promise<boolean> {
  const known = await chunksOf(ports, manifest);
  return (
    known.length === manifest.chunks.length &&
    known.every(({ hash }, at) => hash === manifest.chunks[at]?.hash)
  );
}

/**
 * Answers a chunk that turned out to be no longer what it was: it is missing from now on. The whole is hashed, and its
 * chunks only where that is another than it should be: is one of them no longer itself, or is it the manifest?
 */
async function verify(
  ports: ChunkPorts,
  manifest: Manifest,
): Promise<readonly { readonly hash: string }[]> {
  try {
    if ((await checksumOf(ports, manifest, 'readUnverified')) === manifest.checksum) return [];
    if ((await checksumOf(ports, manifest, 'read')) === manifest.checksum) return [];
  } catch (error) {
    if (!(error instanceof ChunkRotten)) throw error;
    const { metadata, folder } = ports;
    if ((await metadata.missingChunks(folder, [error.place.hash])).length === 0) throw error;
    return [error.place];
  }
  return mismatch();
}

async function checksumOf(
  ports: ChunkPorts,
  { size, chunks }: Manifest,
  how: NonNullable<Reading['how']>,
): Promise<string> {
  const hash = createHash('sha256');
  const whole = { from: 0, to: size, how };
  for await (const bytes of readContent(ports, chunks, whole)) hash.update(bytes);
  return hash.digest('hex');
}
