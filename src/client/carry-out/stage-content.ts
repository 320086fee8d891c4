import { createHash, hash as digest } from 'node:crypto';
import type { Chunk } from '../../core/chunk.ts';
import { type ChunkRef, type Manifest, single } from '../../core/chunk.ts';
import { MAX_WHOLE_SIZE } from '../../core/cut.ts';
import type { FileEntry, NodeId } from '../../core/entry.ts';
import { ApiFailure, type Staged } from '../ports.ts';
import { keepPushed } from '../pull.ts';
import { type Session, Stale } from '../session.ts';
import type { Carrier } from './carrier.ts';

/** Chunks at hand for a group of small contents, and how the contents are made of them. */
export interface SmallContents {
  readonly chunks: ReadonlyMap<string, Uint8Array>;
  readonly manifests: ReadonlyMap<string, Manifest>;
}

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
export async function fetchInto(
  found: { set(hash: string, bytes: Uint8Array): unknown },
  coming: AsyncIterable<Chunk>,
): Promise<void> {
  try {
    for await (const { hash, bytes } of coming) found.set(hash, bytes);
  } catch (error) {
    if (!(error instanceof ApiFailure) || error.code !== 'not_found') throw error;
  }
}

/** A content that the server has no manifest of is one chunk. `bases`: like which some may be. */
export async function manifestsOf(
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
  return await finishStaged(carrier, { node, entry, staged, isLocal }, hash.digest('hex'));
}

/** Only a content with the checksum that was told leaves the staging. */
export async function finishStaged(
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
