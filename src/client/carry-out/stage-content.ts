import { createHash } from 'node:crypto';
import type { Chunk } from '../../core/chunk.ts';
import { type ChunkRef, type Manifest, single } from '../../core/chunk.ts';
import { MAX_WHOLE_SIZE } from '../../core/cut.ts';
import type { FileEntry, NodeId } from '../../core/entry.ts';
import { inGroups } from '../../core/in-groups.ts';
import { ahead } from '../ahead.ts';
import { ApiFailure, type Path, type Staged } from '../ports.ts';
import { keepPushed } from '../pull.ts';
import { type Session, Stale } from '../session.ts';
import type { Carrier } from './carrier.ts';

/** Chunks at hand for a group of small contents, and how the contents are made of them. */
export interface SmallContents {
  readonly chunks: ReadonlyMap<string, Uint8Array>;
  readonly manifests: ReadonlyMap<string, Manifest>;
}

/** Of a large content, fetched at a time. Bytes. */
const WINDOW = 8 * 1024 * 1024;

/** Fetches what a group of small contents is made of, in one request, save what came along already. */
export async function fetchSmall(
  carrier: Pick<Carrier, 'session'>,
  entries: readonly FileEntry[],
): Promise<SmallContents> {
  const { api, pushed } = carrier.session;
  const manifests = await manifestsOf(carrier, entries);
  const wanted = new Map<string, ChunkRef>();
  const chunks = new Map<string, Uint8Array>();
  for (const { chunks: refs } of manifests.values()) {
    for (const ref of refs) {
      const here = pushed.get(ref.hash);
      if (here === undefined) wanted.set(ref.hash, ref);
      else chunks.set(ref.hash, here.bytes);
    }
  }
  if (wanted.size > 0) await fetchInto(chunks, api.fetchChunks([...wanted.values()]));
  return { chunks, manifests };
}

/** Small contents as they are, verified; undefined in the place of one that is not to be had. */
export async function fetchWhole(
  session: Session,
  entries: readonly FileEntry[],
): Promise<(Uint8Array | undefined)[]> {
  const { chunks, manifests } = await fetchSmall({ session }, entries);
  // What is not merged is written as it is, in this round.
  keepPushed(
    session,
    [...chunks].map(([hash, bytes]) => ({ hash, size: bytes.length, bytes })),
  );
  return entries.map(({ checksum }) => {
    const parts = (manifests.get(checksum)?.chunks ?? []).map(({ hash }) => chunks.get(hash));
    const bytes = Buffer.concat(parts.filter((part) => part !== undefined));
    const isWhole = createHash('sha256').update(bytes).digest('hex') === checksum;
    return isWhole ? bytes : undefined;
  });
}

/** A chunk that the server lacks is a problem of the paths that need it; the rest goes on. */
async function fetchInto(
  found: Map<string, Uint8Array>,
  coming: AsyncIterable<Chunk>,
): Promise<void> {
  try {
    for await (const { hash, bytes } of coming) found.set(hash, bytes);
  } catch (error) {
    if (!(error instanceof ApiFailure) || error.code !== 'not_found') throw error;
  }
}

/** A content that the server has no manifest of is one chunk. */
async function manifestsOf(
  carrier: Pick<Carrier, 'session'>,
  entries: readonly FileEntry[],
): Promise<Map<string, Manifest>> {
  const { api, state } = carrier.session;
  const found = new Map<string, Manifest>();
  const asked: FileEntry[] = [];
  for (const entry of entries) {
    const known =
      state.manifest(entry.checksum) ?? (entry.size <= MAX_WHOLE_SIZE ? single(entry) : undefined);
    if (known === undefined) asked.push(entry);
    else found.set(entry.checksum, known);
  }
  if (asked.length === 0) return found;
  for (const manifest of await api.manifests(asked.map(({ checksum }) => checksum))) {
    found.set(manifest.checksum, manifest);
  }
  for (const entry of asked)
    if (!found.has(entry.checksum)) found.set(entry.checksum, single(entry));
  return found;
}

/** A content that is to be written, and the node that gets it. */
interface Wanted {
  readonly node: NodeId;
  readonly after: FileEntry;
}

export async function stageSmall(
  carrier: Carrier,
  { node, after: entry }: Wanted,
  { chunks, manifests }: SmallContents,
): Promise<Staged | undefined> {
  const refs = manifests.get(entry.checksum)?.chunks ?? [];
  const missing = refs.find(({ hash }) => !chunks.has(hash));
  if (missing !== undefined) {
    carrier.problem(node, 'not_found', 'The server does not have all of its content.');
    return undefined;
  }
  async function* bytes(): AsyncIterable<Uint8Array> {
    for (const { hash } of refs) yield chunks.get(hash) ?? new Uint8Array();
  }
  return await stageBytes(carrier, { node, entry, bytes: bytes() });
}

/** The losing version of a conflict is here: its bytes need no server. */
export async function copyLocally(
  carrier: Carrier,
  of: NodeId,
  entry: FileEntry,
): Promise<Staged | undefined> {
  const path = carrier.pathOf(of);
  // Lifted, and its place is not free after all: the next round puts it back before anything else.
  if (path === undefined) throw new Stale([]);
  await carrier.expect(of);
  const staged = await stageBytes(
    carrier,
    { node: of, entry, bytes: carrier.session.disk.read(path) },
    true,
  );
  if (staged === undefined) throw new Stale(path);
  return staged;
}

/**
 * A large content, window by window: chunks that the old version here has are read from it, the others
 * are fetched. Cut off, what is staged is kept, and the next round goes on where it stopped.
 */
export async function downloadLarge(
  carrier: Carrier,
  node: NodeId,
  entry: FileEntry,
): Promise<Staged | undefined> {
  const { session } = carrier;
  const manifest = (await manifestsOf(carrier, [entry])).get(entry.checksum) ?? single(entry);
  const partial = session.partials.get(entry.checksum) ?? {
    staged: await session.disk.stage(),
    hash: createHash('sha256'),
    chunks: 0,
  };
  session.partials.delete(entry.checksum);
  const old = await oldVersion(carrier, node);
  try {
    const left = manifest.chunks.slice(partial.chunks);
    const windows = inGroups(left, { size: WINDOW }, ({ size }) => size);
    for await (const [, pieces] of ahead(windows, (one) => bytesOf(carrier, one, old))) {
      for (const bytes of pieces) {
        partial.hash.update(bytes);
        await partial.staged.write(bytes);
        partial.chunks += 1;
      }
    }
  } catch (error) {
    if (error instanceof ApiFailure) session.partials.set(entry.checksum, partial);
    else await partial.staged.discard();
    throw error;
  }
  const { staged, hash } = partial;
  const done = await finish(carrier, { node, entry, staged }, hash.digest('hex'));
  // So that the next version need not fetch what this one has.
  if (done !== undefined) session.state.record([{ type: 'manifest', manifest }]);
  return done;
}

interface OldVersion {
  readonly path: Path;
  /** Where each of its chunks begins. */
  readonly offsets: ReadonlyMap<string, number>;
}

async function oldVersion(carrier: Carrier, node: NodeId): Promise<OldVersion | undefined> {
  const entry = carrier.where.get(node);
  const path = carrier.pathOf(node);
  const manifest =
    entry?.kind === 'file' ? carrier.session.state.manifest(entry.checksum) : undefined;
  if (manifest === undefined || path === undefined) return undefined;
  const offsets = new Map<string, number>();
  let offset = 0;
  for (const { hash, size } of manifest.chunks) {
    offsets.set(hash, offset);
    offset += size;
  }
  return { path, offsets };
}

async function bytesOf(
  carrier: Carrier,
  refs: readonly ChunkRef[],
  old: OldVersion | undefined,
): Promise<Uint8Array[]> {
  const found = new Map<string, Uint8Array>();
  for (const ref of refs) {
    const offset = old?.offsets.get(ref.hash);
    if (old === undefined || offset === undefined || found.has(ref.hash)) continue;
    const bytes = await readChunk(carrier, old.path, { ref, offset });
    if (bytes !== undefined) found.set(ref.hash, bytes);
  }
  const wanted = new Map(refs.filter(({ hash }) => !found.has(hash)).map((ref) => [ref.hash, ref]));
  if (wanted.size > 0)
    await fetchInto(found, carrier.session.api.fetchChunks([...wanted.values()]));
  return refs.map(({ hash }) => found.get(hash) ?? new Uint8Array());
}

/** A chunk of the old version, if it is still that. */
async function readChunk(
  { session }: Carrier,
  path: Path,
  { ref, offset }: { ref: ChunkRef; offset: number },
): Promise<Uint8Array | undefined> {
  try {
    const parts: Uint8Array[] = [];
    for await (const part of session.disk.read(path, { offset, length: ref.size }))
      parts.push(part);
    const bytes = Buffer.concat(parts);
    return createHash('sha256').update(bytes).digest('hex') === ref.hash ? bytes : undefined;
  } catch {
    return undefined; // It is fetched instead.
  }
}

/** What was merged of three versions; the one here is still what it was then. */
export async function stageMerged(
  carrier: Carrier,
  { node, after: entry }: Wanted,
  bytes: Uint8Array,
): Promise<Staged> {
  async function* whole(): AsyncIterable<Uint8Array> {
    yield bytes;
  }
  const staged = await stageBytes(carrier, { node, entry, bytes: whole() }, true);
  if (staged === undefined) throw new Stale(carrier.pathOf(node) ?? []);
  return staged;
}

interface Staging {
  readonly node: NodeId;
  readonly entry: FileEntry;
}

async function stageBytes(
  carrier: Carrier,
  { node, entry, bytes }: Staging & { readonly bytes: AsyncIterable<Uint8Array> },
  isLocal = false,
): Promise<Staged | undefined> {
  const staged = await carrier.session.disk.stage();
  const hash = createHash('sha256');
  try {
    for await (const part of bytes) {
      hash.update(part);
      await staged.write(part);
    }
  } catch (error) {
    await staged.discard();
    throw error;
  }
  return await finish(carrier, { node, entry, staged, isLocal }, hash.digest('hex'));
}

/** Only a content with the checksum that was told leaves the staging. */
async function finish(
  carrier: Carrier,
  {
    node,
    entry,
    staged,
    isLocal = false,
  }: Staging & { readonly staged: Staged; readonly isLocal?: boolean },
  checksum: string,
): Promise<Staged | undefined> {
  if (checksum === entry.checksum) {
    await staged.finish(entry);
    return staged;
  }
  await staged.discard();
  if (!isLocal) carrier.problem(node, 'checksum_mismatch', 'What came is not what was announced.');
  return undefined;
}
