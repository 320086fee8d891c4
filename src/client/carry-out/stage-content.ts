import { createHash, hash as digest } from 'node:crypto';
import type { Chunk } from '../../core/chunk.ts';
import { type ChunkRef, type Manifest, single } from '../../core/chunk.ts';
import { MAX_WHOLE_SIZE } from '../../core/cut.ts';
import type { FileEntry, NodeId } from '../../core/entry.ts';
import { inGroups } from '../../core/in-groups.ts';
import { ahead } from '../ahead.ts';
import { ApiFailure, type Fetching, type Path, type Staged } from '../ports.ts';
import { keepPushed } from '../pull.ts';
import { type Partial, type Session, Stale } from '../session.ts';
import type { Carrier } from './carrier.ts';

/** Chunks at hand for a group of small contents, and how the contents are made of them. */
export interface SmallContents {
  readonly chunks: ReadonlyMap<string, Uint8Array>;
  readonly manifests: ReadonlyMap<string, Manifest>;
}

/** Of a large content, fetched at a time. Bytes. */
const WINDOW = 8 * 1024 * 1024;
/** On their way while one is written. */
const WINDOWS = 2;

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
    const isWhole = digest('sha256', bytes, 'hex') === checksum;
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

/** A content that the server has no manifest of is one chunk. `bases`: like which some may be. */
async function manifestsOf(
  carrier: Pick<Carrier, 'session'>,
  entries: readonly FileEntry[],
  bases: readonly Manifest[] = [],
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
  const checksums = asked.map(({ checksum }) => checksum);
  for (const manifest of await api.manifests(checksums, bases)) {
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
 * A large content, window by window: what the old version here has is read from it, the rest is fetched. Cut off, what
 * is staged is kept, and the next round goes on where it stopped. Only the whole is verified: where it is another, the old
 * version may no longer be what was recorded of it, or a chunk came damaged, and all of it is fetched, and each looked at.
 */
export async function downloadLarge(
  carrier: Carrier,
  node: NodeId,
  entry: FileEntry,
): Promise<Staged | undefined> {
  const { session } = carrier;
  const old = oldVersion(carrier, node);
  const bases = old === undefined ? [] : [old.manifest];
  const known = await manifestsOf(carrier, [entry], bases);
  const manifest = known.get(entry.checksum) ?? single(entry);
  let partial = await assemble(carrier, manifest, { old, how: 'unverified' });
  let checksum = partial.hash.digest('hex');
  if (checksum !== entry.checksum) {
    await partial.staged.discard();
    partial = await assemble(carrier, manifest, { old: undefined, how: 'verified' });
    checksum = partial.hash.digest('hex');
  }
  const done = await finish(carrier, { node, entry, staged: partial.staged }, checksum);
  // So that the next version need not fetch what this one has.
  if (done !== undefined) session.state.record([{ type: 'manifest', manifest }]);
  return done;
}

async function assemble(
  { session }: Carrier,
  { checksum, chunks }: Manifest,
  sources: Sources,
): Promise<Partial> {
  const partial = session.partials.get(checksum) ?? {
    staged: await session.disk.stage(),
    hash: createHash('sha256'),
    chunks: 0,
  };
  session.partials.delete(checksum);
  try {
    const windows = inGroups(chunks.slice(partial.chunks), { size: WINDOW }, ({ size }) => size);
    for await (const [refs, pieces] of ahead(
      windows,
      (one) => bytesOf(session, one, sources),
      WINDOWS,
    )) {
      // While one piece is hashed, the one before is written.
      const written = pieces.map((bytes) => {
        const writing = partial.staged.write(bytes);
        partial.hash.update(bytes);
        return writing;
      });
      await Promise.all(written);
      partial.chunks += refs.length;
    }
  } catch (error) {
    if (error instanceof ApiFailure) session.partials.set(checksum, partial);
    else await partial.staged.discard();
    throw error;
  }
  return partial;
}

/** Where the bytes come from. */
interface Sources {
  readonly old: OldVersion | undefined;
  readonly how: Fetching;
}

interface OldVersion {
  readonly path: Path;
  readonly manifest: Manifest;
  /** Where each of its chunks begins. */
  readonly offsets: ReadonlyMap<string, number>;
}

function oldVersion(carrier: Carrier, node: NodeId): OldVersion | undefined {
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
  return { path, manifest, offsets };
}

/** Of a window, in order. */
async function bytesOf(
  session: Session,
  refs: readonly ChunkRef[],
  { old, how }: Sources,
): Promise<Uint8Array[]> {
  const runs = old === undefined ? [{ refs, offset: undefined }] : runsIn(refs, old.offsets);
  const here = new Map<Run, readonly Uint8Array[]>();
  for (const run of runs) {
    const bytes = old && (await readRun(session, old.path, run));
    if (bytes !== undefined) here.set(run, bytes);
  }
  const wanted = runs.filter((run) => !here.has(run)).flatMap((run) => run.refs);
  const fetched = new Map<string, Uint8Array>();
  if (wanted.length > 0) {
    const unique = new Map(wanted.map((ref) => [ref.hash, ref]));
    await fetchInto(fetched, session.api.fetchChunks([...unique.values()], how));
  }
  return runs.flatMap(
    (run) => here.get(run) ?? run.refs.map(({ hash }) => fetched.get(hash) ?? new Uint8Array()),
  );
}

/** Chunks that follow each other in the old version too, from `offset` on; undefined: that are not in it. */
interface Run {
  readonly refs: readonly ChunkRef[];
  readonly offset: number | undefined;
}

function runsIn(refs: readonly ChunkRef[], offsets: ReadonlyMap<string, number>): Run[] {
  const runs: { refs: ChunkRef[]; offset: number | undefined }[] = [];
  let next: number | undefined;
  for (const ref of refs) {
    const offset = offsets.get(ref.hash);
    const run = runs.at(-1);
    if (run !== undefined && offset === next) run.refs.push(ref);
    else runs.push({ refs: [ref], offset });
    next = offset === undefined ? undefined : offset + ref.size;
  }
  return runs;
}

/** Undefined where it is not in the old version, or that is shorter by now: it is fetched instead. */
async function readRun(
  { disk }: Session,
  path: Path,
  { refs, offset }: Run,
): Promise<Uint8Array[] | undefined> {
  if (offset === undefined) return undefined;
  const length = refs.reduce((sum, { size }) => sum + size, 0);
  const pieces: Uint8Array[] = [];
  let read = 0;
  try {
    for await (const piece of disk.read(path, { offset, length })) {
      pieces.push(piece);
      read += piece.length;
    }
  } catch {
    return undefined;
  }
  return read === length ? pieces : undefined;
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
