import { type Bloom, bloom } from '../core/bloom.ts';
import type { Manifest } from '../core/chunk.ts';
import { MAX_WHOLE_SIZE } from '../core/cut.ts';
import { MAX_CHUNK } from '../protocol/limits.ts';
import { checksumsOf } from './checksums-of.ts';
import { compactPacks } from './compact-packs.ts';
import { mustFindFolder } from './find-folder.ts';
import { takingTurns } from './pack-turns.ts';
import type { Packs } from './packs.ts';
import type { ChunkPlace, Clock, FolderName, MetadataStore, ObjectStore } from './ports.ts';

export interface SweepParts {
  readonly metadata: MetadataStore;
  readonly objects: Pick<ObjectStore, 'list' | 'delete'>;
  readonly packs: Pick<Packs, 'append' | 'readStored'>;
  readonly folder: FolderName;
  readonly clock: Pick<Clock, 'now'>;
  /** Ends it between two steps; what was done stays done, and the next sweep goes on. */
  readonly signal?: AbortSignal;
}

export interface Swept {
  /** Chunks that went, and packs, and the bytes of the packs. */
  readonly chunks: number;
  readonly packs: number;
  readonly bytes: number;
  /** Packs whose living chunks went into new ones. */
  readonly compacted: number;
}

const DAY = 24 * 60 * 60 * 1000;
/** Answers to commits: no client asks for one again so late. */
const COMMITS_KEPT = 30 * DAY;
const PAGE = 1000;
/** Manifests may be large: 36 bytes a chunk. */
const MANIFESTS = 100;

/**
 * Frees what nothing needs: chunks and manifests that no content of a living node or of the history is made of, and packs
 * that no chunk lies in. Everything is seen to be unneeded twice, a day apart, before it goes (decision 0017): so what was just brought
 * waits for its commit, and who reads or backs up has time. Whatever cannot be read ends it, and nothing more is removed (D18).
 */
export async function sweep(parts: SweepParts): Promise<Swept> {
  const { metadata, folder, clock } = parts;
  await metadata.pruneCommits(folder, clock.now() - COMMITS_KEPT);
  const chunks = await sweepChunks(parts);
  const compacted = isOver(parts) ? 0 : await compactPacks(parts);
  const { packs, bytes } = isOver(parts) ? { packs: 0, bytes: 0 } : await sweepPacks(parts);
  return { chunks, packs, bytes, compacted };
}

const isOver = ({ signal }: SweepParts): boolean => signal?.aborted === true;

/**
 * Marks all that is needed as of one cursor, then takes what is not marked, page by page. What becomes needed
 * meanwhile has a change after that cursor, and `dropUnused` looks at those in the very transaction that removes (D17).
 */
async function sweepChunks(parts: SweepParts): Promise<number> {
  const { metadata, folder, clock } = parts;
  const { cursor: since } = await mustFindFolder(parts);
  const counts = await metadata.counts(folder);
  const used = bloom(counts.chunks + counts.files + counts.history);
  await markContents(parts, used, counts.quarantined > 0);
  const manifests = await markParts(parts, used);
  const now = clock.now();
  const unused = { since, now, before: now - DAY };
  let dropped = 0;
  for await (const page of chunksOf(parts)) {
    if (isOver(parts)) return dropped;
    const chunks = page.filter(({ hash }) => !used.has(hash));
    if (chunks.length > 0)
      dropped += (await metadata.dropUnused(folder, { ...unused, chunks, manifests: [] })).length;
  }
  for (let at = 0; at < manifests.length; at += PAGE) {
    const some = manifests.slice(at, at + PAGE);
    await metadata.dropUnused(folder, { ...unused, chunks: [], manifests: some });
  }
  if (!isOver(parts)) await metadata.forgetUnused(folder, now);
  return dropped;
}

async function markContents(parts: SweepParts, used: Bloom, isRotten: boolean): Promise<void> {
  const { metadata, folder, signal } = parts;
  const worked = takingTurns();
  for (let after: string | undefined; signal?.aborted !== true; ) {
    const page = await metadata.allNodes(folder, { after, limit: PAGE });
    const contents = page.flatMap(([, entry]) => (entry.kind === 'file' ? [entry] : []));
    for (const { checksum } of contents) used.add(checksum);
    await mustKnowParts(parts, contents, isRotten);
    after = page.at(-1)?.[0];
    if (after === undefined) break;
    await worked(WORK);
  }
  for (let before: number | undefined; signal?.aborted !== true; ) {
    const range = before === undefined ? {} : { before };
    const page = await metadata.history(folder, { ...range, limit: PAGE });
    for (const record of page) for (const checksum of checksumsOf(record)) used.add(checksum);
    before = page.at(-1)?.cursor;
    if (before === undefined) break;
    await worked(WORK);
  }
}

type Content = Pick<Manifest, 'checksum' | 'size'>;

/**
 * A living content without its manifest is a damaged database (D18): its chunks would seem to be nobody's. One chunk
 * needs none; where that one is not there either it may be in quarantine, if anything is.
 */
async function mustKnowParts(
  { metadata, folder }: SweepParts,
  contents: readonly Content[],
  isRotten: boolean,
): Promise<void> {
  const large = contents.filter(({ size }) => size > MAX_WHOLE_SIZE);
  for (let at = 0; at < large.length; at += MANIFESTS) {
    const some = new Map(large.slice(at, at + MANIFESTS).map((one) => [one.checksum, one]));
    for (const known of await metadata.manifests(folder, [...some.keys()])) {
      some.delete(mustBeWhole(known).checksum);
    }
    for (const checksum of await metadata.missingChunks(folder, [...some.keys()])) {
      const isOne = (some.get(checksum)?.size ?? 0) <= MAX_CHUNK;
      if (!(isRotten && isOne)) throw new Error(`There is no manifest of ${checksum}.`);
    }
  }
}

function mustBeWhole(manifest: Manifest): Manifest {
  const { checksum, size, chunks } = manifest;
  const sum = chunks.reduce((bytes, chunk) => bytes + chunk.size, 0);
  if (sum !== size) throw new Error(`The manifest of ${checksum} is damaged.`);
  return manifest;
}

/** As much as takes a turn of its own. */
const WORK = 1024 * 1024;

/** The chunks of contents that are needed; answers the manifests of those that are not. */
async function markParts({ metadata, folder, signal }: SweepParts, used: Bloom): Promise<string[]> {
  const worked = takingTurns();
  const unused: string[] = [];
  for (let after = ''; signal?.aborted !== true; ) {
    const page = await metadata.manifestsAfter(folder, after, MANIFESTS);
    for (const { checksum, size, chunks } of page) {
      if (!used.has(checksum)) unused.push(checksum);
      else for (const { hash } of mustBeWhole({ checksum, size, chunks }).chunks) used.add(hash);
    }
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.checksum;
    await worked(WORK);
  }
  return unused;
}

async function* chunksOf({ metadata, folder }: SweepParts): AsyncGenerator<ChunkPlace[]> {
  const worked = takingTurns();
  for (let after = ''; ; ) {
    const page = await metadata.chunksAfter(folder, after, PAGE);
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.hash;
    await worked(WORK);
  }
}

/** An append may be under way whose rows are not there yet, and somebody may read: the day is for them. */
async function sweepPacks(parts: SweepParts): Promise<Pick<Swept, 'packs' | 'bytes'>> {
  const { metadata, objects, folder, clock } = parts;
  const sizes = new Map<string, number>();
  for await (const { name, size } of objects.list()) sizes.set(name, size);
  const inUse = await metadata.packs(folder);
  const empty = [...sizes.keys()].filter((name) => !inUse.has(name));
  const now = clock.now();
  const due = await metadata.condemnPacks(folder, { packs: empty, now, before: now - DAY });
  let bytes = 0;
  let packs = 0;
  for (const name of due) {
    if (isOver(parts)) break;
    await objects.delete(name);
    packs += 1;
    bytes += sizes.get(name) ?? 0;
  }
  return { packs, bytes };
}
