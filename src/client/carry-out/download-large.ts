import { type ChunkRef, type Manifest, single } from '../../core/chunk.ts';
import type { FileEntry, NodeId } from '../../core/entry.ts';
import { inGroups } from '../../core/in-groups.ts';
import { ahead } from '../ahead.ts';
import { HashingLost } from '../hasher.ts';
import { ApiFailure, type Fetching, type Path, type Staged } from '../ports.ts';
import type { Partial, Session } from '../session.ts';
import type { Carrier } from './carrier.ts';
import { fetchInto, finishStaged, manifestsOf } from './stage-content.ts';

/** Of a large content, fetched at a time. Bytes. */
const WINDOW = 8 * 1024 * 1024;
/** On their way while one is written. */
const WINDOWS = 2;

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
  let { staged, checksum } = await assemble(session, manifest, { old, how: 'unverified' });
  if (checksum !== entry.checksum) {
    await staged.discard();
    const again = await assemble(session, manifest, { old: undefined, how: 'verified' });
    ({ staged, checksum } = again);
  }
  const done = await finishStaged(carrier, { node, entry, staged }, checksum);
  // So that the next version need not fetch what this one has.
  if (done !== undefined) session.state.record([{ type: 'manifest', manifest }]);
  return done;
}

interface Assembled {
  readonly staged: Staged;
  /** What it is, whatever it should be. */
  readonly checksum: string;
}

async function assemble(
  session: Session,
  manifest: Manifest,
  sources: Sources,
): Promise<Assembled> {
  try {
    return await assembleOnce(session, manifest, sources);
  } catch (error) {
    if (!(error instanceof HashingLost)) throw error;
    return await assembleOnce(session, manifest, sources);
  }
}

async function assembleOnce(
  session: Session,
  manifest: Manifest,
  sources: Sources,
): Promise<Assembled> {
  const { disk, partials } = session;
  const { checksum } = manifest;
  const partial = partials.get(checksum) ?? {
    staged: await disk.stage(),
    hash: disk.hasher.open(manifest),
    chunks: 0,
  };
  partials.delete(checksum);
  try {
    await append(session, partial, { manifest, sources });
    return { staged: partial.staged, checksum: await partial.hash.end() };
  } catch (error) {
    if (error instanceof ApiFailure) partials.set(checksum, partial);
    else await discard(partial);
    throw error;
  }
}

async function discard({ staged, hash }: Partial): Promise<void> {
  hash.abandon();
  await staged.discard();
}

/** What is not staged yet. While one window is hashed and written, the next ones come. */
async function append(
  session: Session,
  partial: Partial,
  { manifest, sources }: { readonly manifest: Manifest; readonly sources: Sources },
): Promise<void> {
  const { staged, hash } = partial;
  const rest = manifest.chunks.slice(partial.chunks);
  const windows = [...inGroups(rest, { size: WINDOW }, ({ size }) => size)].map(windowOf);
  const memory = recycled(Math.max(0, ...windows.map(({ size }) => size)));
  const load = async (window: Window): Promise<Uint8Array> => {
    const bytes = memory.take();
    await fill(session, { window, bytes }, sources);
    return bytes;
  };
  for await (const [{ places, size }, bytes] of ahead(windows, load, WINDOWS)) {
    const content = bytes.subarray(0, size);
    const both = await Promise.allSettled([staged.write(content), hash.push(content)]);
    for (const one of both) if (one.status === 'rejected') throw one.reason;
    partial.chunks += places.length;
    memory.giveBack(bytes);
  }
}

/** Memory for windows, which another thread may look at; new for each, it would cost more to collect than the work itself. */
function recycled(size: number) {
  const free: Uint8Array[] = [];
  return {
    take: (): Uint8Array => free.pop() ?? new Uint8Array(new SharedArrayBuffer(size)),
    giveBack: (bytes: Uint8Array): void => {
      free.push(bytes);
    },
  };
}

/** A chunk, and where in its window it begins. */
interface Place {
  readonly ref: ChunkRef;
  readonly at: number;
}

/** Chunks that follow each other. */
interface Window {
  readonly places: readonly Place[];
  readonly size: number;
}

function windowOf(refs: readonly ChunkRef[]): Window {
  let size = 0;
  const places = refs.map((ref) => {
    const at = size;
    size += ref.size;
    return { ref, at };
  });
  return { places, size };
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

interface Filling {
  readonly window: Window;
  readonly bytes: Uint8Array;
}

/** Each chunk gets its place. Where one is not to be had, anything may stand: the whole is then another. */
async function fill(
  session: Session,
  { window: { places }, bytes }: Filling,
  { old, how }: Sources,
): Promise<void> {
  const wanted: Place[] = [];
  for (const run of runsIn(places, old?.offsets ?? new Map())) {
    const isHere = old !== undefined && (await readRun(session, old.path, { run, bytes }));
    if (!isHere) wanted.push(...run.places);
  }
  if (wanted.length === 0) return;
  const byHash = Map.groupBy(wanted, ({ ref }) => ref.hash);
  const refs = [...byHash.values()].flatMap(([first]) => (first === undefined ? [] : [first.ref]));
  const set = (hash: string, chunk: Uint8Array): void => {
    for (const { ref, at } of byHash.get(hash) ?? [])
      if (chunk.length === ref.size) bytes.set(chunk, at);
  };
  await fetchInto({ set }, session.api.fetchChunks(refs, how));
}

/** Chunks that follow each other in the old version too, from `offset` on; undefined: that are not in it. */
interface Run {
  readonly places: readonly Place[];
  readonly offset: number | undefined;
}

function runsIn(places: readonly Place[], offsets: ReadonlyMap<string, number>): Run[] {
  const runs: { places: Place[]; offset: number | undefined }[] = [];
  let next: number | undefined;
  for (const place of places) {
    const { hash, size } = place.ref;
    const offset = offsets.get(hash);
    const run = runs.at(-1);
    if (run !== undefined && offset === next) run.places.push(place);
    else runs.push({ places: [place], offset });
    next = offset === undefined ? undefined : offset + size;
  }
  return runs;
}

/** Answers whether it is all there: not where it is not in the old version, or that is shorter by now. */
async function readRun(
  { disk }: Session,
  path: Path,
  { run: { places, offset }, bytes }: { readonly run: Run; readonly bytes: Uint8Array },
): Promise<boolean> {
  if (offset === undefined) return false;
  const length = places.reduce((sum, { ref }) => sum + ref.size, 0);
  let at = places[0]?.at ?? 0;
  const end = at + length;
  try {
    for await (const piece of disk.read(path, { offset, length }, 'lent')) {
      bytes.set(piece, at);
      at += piece.length;
    }
  } catch {
    return false;
  }
  return at === end;
}
