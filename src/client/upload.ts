import { hash as digest } from 'node:crypto';
import type { Chunk } from '../core/chunk.ts';
import { type ChunkRef, type Manifest, single } from '../core/chunk.ts';
import { MAX_WHOLE_SIZE } from '../core/cut.ts';
import { type FileEntry, sameBytes } from '../core/entry.ts';
import { inGroups } from '../core/in-groups.ts';
import { pathOf } from '../core/tree.ts';
import { atOnce } from './at-once.ts';
import type { OfferStep } from './offer-step.ts';
import { DiskError, type Path } from './ports.ts';
import { readFile } from './read-file.ts';
import type { Session } from './session.ts';

/** Chunks together up to this size travel inside the commit: one trip. Bytes. */
const INLINE = 64 * 1024;
/** Of one request. Bytes; the protocol allows 16 MiB, some of which is framing. */
const REQUEST = 8 * 1024 * 1024;
/** Requests under way: while the server stores one, the next is read. */
const AT_ONCE = 3;
/** Asked about at once. */
const QUESTION = 5000;

export interface Uploaded {
  readonly manifests: Manifest[];
  /** Of the versions that the server has of these contents. */
  readonly bases: Manifest[];
  /** To go along with the commit. */
  readonly chunks: Chunk[];
}

/** Where the bytes of a chunk are on this disk. */
export interface Source {
  readonly path: Path;
  readonly ref: ChunkRef;
  readonly offset: number;
}

/**
 * Brings the contents of an offer to the server: only chunks it lacks, many in a request. Little enough
 * goes along with the commit itself. `insist`: chunks the server said it lacks, whatever it said before.
 * Throws DiskError when a file is not what was observed of it.
 */
export async function upload(
  session: Session,
  steps: readonly OfferStep[],
  insist: readonly string[],
): Promise<Uploaded> {
  const sources = new Map<string, Source>();
  const manifests: Manifest[] = [];
  const bases: Manifest[] = [];
  for (const { node, before, after } of steps) {
    if (after?.kind !== 'file' || after.size === 0) continue;
    if (before !== undefined && sameBytes(before, after) && insist.length === 0) continue;
    const path = pathOf(session.state.local, node);
    if (path === undefined) throw new Error(`${node} is offered and not on the disk.`);
    const manifest = await manifestOf(session, after, path);
    if (manifest.chunks.length > 1) manifests.push(manifest);
    addSources(sources, manifest, path);
    const base = storedOf(session, before);
    if (base !== undefined) bases.push(base);
  }
  leaveOut(sources, bases, new Set(insist));
  const total = [...sources.values()].reduce((sum, { ref }) => sum + ref.size, 0);
  if (total <= INLINE) {
    return { manifests, bases, chunks: await readAll(session, [...sources.values()]) };
  }
  await sendMissing(session, sources, insist);
  return { manifests, bases, chunks: [] };
}

/** How the version is cut that the server has. */
const storedOf = ({ state }: Session, before: OfferStep['before']): Manifest | undefined =>
  before?.kind !== 'file' || before.size <= MAX_WHOLE_SIZE
    ? undefined
    : state.manifest(before.checksum);

/** What the version that the server has is made of is there: should it not be, it says so of the commit. */
function leaveOut(
  sources: Map<string, Source>,
  bases: readonly Manifest[],
  insist: ReadonlySet<string>,
): void {
  for (const { chunks } of bases)
    for (const { hash } of chunks) if (!insist.has(hash)) sources.delete(hash);
}

/**
 * Brings one content to the server that no commit names yet: it is kept for a day for one that does. Throws
 * DiskError 'changed' when the file is not what was observed of it.
 */
export async function sendContent(session: Session, entry: FileEntry, path: Path): Promise<void> {
  const sources = new Map<string, Source>();
  addSources(sources, await manifestOf(session, entry, path), path);
  await sendMissing(session, sources, []);
}

/** How the content is cut. Throws DiskError 'changed' when the file is not what was observed of it. */
export async function manifestOf(
  { state, disk }: Session,
  { checksum, size }: FileEntry,
  path: Path,
): Promise<Manifest> {
  const known = size <= MAX_WHOLE_SIZE ? single({ checksum, size }) : state.manifest(checksum);
  if (known !== undefined) return known;
  const read = await readFile(disk, path);
  if (read.manifest.checksum !== checksum || read.manifest.size !== size)
    throw new DiskError('changed', path);
  state.record([{ type: 'manifest', manifest: read.manifest }]);
  return read.manifest;
}

function addSources(sources: Map<string, Source>, { chunks }: Manifest, path: Path): void {
  let offset = 0;
  for (const ref of chunks) {
    if (!sources.has(ref.hash)) sources.set(ref.hash, { path, ref, offset });
    offset += ref.size;
  }
}

async function sendMissing(
  session: Session,
  sources: ReadonlyMap<string, Source>,
  insist: readonly string[],
): Promise<void> {
  const missing = new Set(insist);
  const hashes = [...sources.keys()];
  for (let at = 0; at < hashes.length; at += QUESTION) {
    for (const hash of await session.api.missing(hashes.slice(at, at + QUESTION)))
      missing.add(hash);
  }
  const wanted = [...sources.values()].filter(({ ref }) => missing.has(ref.hash));
  const requests = inGroups(wanted, { size: REQUEST }, ({ ref }) => ref.size);
  await atOnce(requests, AT_ONCE, async (group) =>
    session.api.sendChunks(await readAll(session, group)),
  );
}

async function readAll(session: Session, sources: readonly Source[]): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  for (const source of sources) chunks.push(await readChunk(session, source));
  return chunks;
}

/** Verified: a file that was written to since it was cut must not be sent as what it was. */
export async function readChunk({ disk }: Session, { path, ref, offset }: Source): Promise<Chunk> {
  const parts: Uint8Array[] = [];
  for await (const part of disk.read(path, { offset, length: ref.size })) parts.push(part);
  const bytes = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  const isIt = digest('sha256', bytes, 'hex') === ref.hash;
  if (!isIt) throw new DiskError('changed', path);
  return { ...ref, bytes };
}
