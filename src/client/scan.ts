import type { ChunkRef } from '../core/chunk.ts';
import { MAX_WHOLE_SIZE } from '../core/cut.ts';
import { type Entry, movedTo, type NodeId, ROOT, sameEntry } from '../core/entry.ts';
import { inGroups } from '../core/in-groups.ts';
import { type Matched, type MatchedNode, match } from '../core/match.ts';
import { below, pathOf, type Tree } from '../core/tree.ts';
import { ahead } from './ahead.ts';
import { atOnce } from './at-once.ts';
import { type FoundHere, lookAround, type Surroundings, UNMOUNTED } from './look-around.ts';
import { makeDurable } from './make-durable.ts';
import { wasMount, withoutMounts } from './mounts.ts';
import { DiskError, type Look, type Note, type Path, type Seen } from './ports.ts';
import { readFile } from './read-file.ts';
import type { Progress, Session, Where } from './session.ts';

export interface Scanned {
  /** Directories that were still being written to: look at them again soon. */
  readonly unsettled: readonly Path[];
}

/** How long the other half of a move may take to show (B14), in milliseconds. */
const OTHER_HALF = 50;
/** While each look misses something new, as during a long deletion, it ends with so many. */
const LOOKS = 4;

/**
 * Brings the local tree to what is on the disk, in these directories: list, match to known nodes, read
 * what is new or changed, record. What vanished is looked for again before it is believed. `meanwhile` is called with
 * much read and much left, where all of it is new: what is recorded by then is a tree by itself.
 */
export async function scan(
  session: Session,
  where: Where,
  meanwhile?: () => Promise<void>,
): Promise<Scanned> {
  let wider = where;
  let [around, matched] = await lookAndMatch(session, where);
  let missed = new Set<NodeId>();
  for (let look = 1; look < LOOKS && matched.vanished.some((id) => !missed.has(id)); look += 1) {
    missed = new Set(matched.vanished);
    await session.clock.sleep(OTHER_HALF);
    wider = session.alsoDirty(wider);
    [around, matched] = await lookAndMatch(session, wider);
  }
  await makeDurable(session);
  session.problems.setFound(around.looked, around.problems);
  forgetIgnored(session, around);
  noteUnknown(session, matched);
  const isNews = isOnlyNews(session, matched);
  const unsettled = await recordPresent(session, matched.present, isNews ? meanwhile : undefined);
  // Also where the round ends early, because the server is away.
  for (const path of unsettled) session.lookAgain.add(path.join('/'));
  recordVanished(session, matched.vanished);
  return { unsettled };
}

interface MatchedHere extends Matched<FoundHere> {
  /** Ids that were made for what is new. */
  readonly made: ReadonlySet<NodeId>;
}

async function lookAndMatch(session: Session, where: Where): Promise<[Surroundings, MatchedHere]> {
  const { state } = session;
  const around = await lookAround(session, where);
  const made = new Set<NodeId>();
  const newId = (): NodeId => {
    const id = session.newId();
    made.add(id);
    return id;
  };
  const matched = match<FoundHere>({
    local: state.local,
    inodeOf: (id) => state.seen(id)?.inode,
    byInode: (inode) => state.byInode(inode),
    visited: around.visited,
    newId,
  });
  return [around, { ...withoutMounts(session, matched), made }];
}

/**
 * What was synchronized and is ignored now is forgotten, not deleted: the server keeps it, the disk
 * keeps it, and neither follows the other any more (A34).
 */
function forgetIgnored({ state, ignore }: Session, { visited }: Surroundings): void {
  const notes: Note[] = [];
  for (const { directory } of visited) {
    const path = directory === ROOT ? [] : pathOf(state.local, directory);
    if (path === undefined) continue;
    for (const child of state.local.children(directory)) {
      const entry = state.local.get(child);
      if (entry === undefined || !ignore.ignores([...path, entry.name], entry.kind === 'directory'))
        continue;
      for (const node of [child, ...below(state.local, child)]) {
        notes.push(
          { type: 'local', node, entry: undefined },
          { type: 'synced', node, entry: undefined },
        );
      }
    }
  }
  if (notes.length > 0) state.record(notes);
}

function noteUnknown(
  session: Session,
  { present, vanished, unknown: now }: Matched<FoundHere>,
): void {
  const { unknown, unmounted, problems, state } = session;
  for (const { node } of present) unknown.delete(node);
  for (const node of vanished) unknown.delete(node);
  for (const node of now) unknown.add(node);
  unmounted.clear();
  for (const node of unknown) {
    if (!wasMount(session, node)) continue;
    unmounted.add(node);
    const path = pathOf(state.local, node)?.join('/') ?? node;
    problems.addFound({ path, code: 'unmounted', message: UNMOUNTED });
  }
}

/** Files of more bytes are looked at once more, so many milliseconds later, before they are read for a racy look. */
const LARGE = { size: 1024 * 1024, wait: 25 };

/** Recorded in groups, so that an interrupted first scan need not begin again. */
const GROUP = 500;
/** So much is worth to be sent before the rest is read: a few commits. */
const MUCH = { nodes: 2000, bytes: 32 * 1024 * 1024 };
/** Files read at a time. */
const AT_ONCE = 8;

type Observed = Note[] | 'unsettled' | undefined;

/**
 * There is much that is new, and nothing moved, vanished or was edited: to know of a part of it is to know of a folder
 * that somebody still adds to.
 */
function isOnlyNews(session: Session, { present, vanished, unknown, made }: MatchedHere): boolean {
  if (made.size === 0 || vanished.length > 0 || unknown.length > 0) return false;
  const bytes = bytesOf(present.filter(({ node }) => made.has(node)));
  const { nodes, bytes: most } = muchOf(session);
  if (made.size < nodes && bytes < most) return false;
  return present.every((one) => made.has(one.node) || isAsRecorded(session, one));
}

const muchOf = ({ settings: { much = MUCH } }: Session): typeof MUCH => much;

function isAsRecorded(
  { state }: Session,
  { node, parent, found }: MatchedNode<FoundHere>,
): boolean {
  const known = state.local.get(node);
  const isThere = known?.parent === parent && known.name === found.name;
  return isThere && found.look !== undefined && isUnchanged(found.look, state.seen(node));
}

async function recordPresent(
  session: Session,
  present: readonly MatchedNode<FoundHere>[],
  meanwhile: (() => Promise<void>) | undefined,
): Promise<Path[]> {
  const unsettled: Path[] = [];
  const places = new Map<NodeId, Path>([[ROOT, []]]);
  const progress = new ReadingProgress(session, present);
  const much = muchOf(session);
  const groups = inGroups(
    present,
    { size: much.bytes, count: Math.min(GROUP, much.nodes) },
    sizeOf,
  );
  let recorded = { nodes: 0, bytes: 0 };
  // While the one is sent, the next is read.
  for await (const [group, observed] of ahead(groups, (one) => observeAll(session, one, places))) {
    unsettled.push(...observed.unsettled);
    const { notes } = observed;
    if (notes.length > 0) session.state.record(notes);
    progress.add(group, notes.length > 0);
    const nodes = notes.filter(({ type }) => type === 'local').length;
    recorded = { nodes: recorded.nodes + nodes, bytes: recorded.bytes + bytesOf(group) };
    if (recorded.nodes < much.nodes && recorded.bytes < much.bytes) continue;
    recorded = { nodes: 0, bytes: 0 };
    if (!progress.isOver) await meanwhile?.();
  }
  return unsettled;
}

interface ObservedGroup {
  readonly notes: readonly Note[];
  readonly unsettled: readonly Path[];
}

async function observeAll(
  session: Session,
  some: readonly MatchedNode<FoundHere>[],
  places: Map<NodeId, Path>,
): Promise<ObservedGroup> {
  const group = some.map((one) => located(session, one, places));
  await atOnce(group, AT_ONCE, async (one) => {
    one.observed = await observe(session, one, one.path);
  });
  const notes: Note[] = [];
  const unsettled: Path[] = [];
  for (const { observed, path } of group) {
    if (observed === 'unsettled') unsettled.push(path.slice(0, -1));
    else if (observed !== undefined) notes.push(...observed);
  }
  return { notes, unsettled };
}

/** Something that is there, with the way to it; parents come before what is in them. */
function located(
  { state }: Session,
  one: MatchedNode<FoundHere>,
  places: Map<NodeId, Path>,
): MatchedNode<FoundHere> & { readonly path: Path; observed: Observed } {
  const above = places.get(one.parent) ?? pathOf(state.local, one.parent) ?? [];
  const path = [...above, one.found.name];
  if (one.found.kind === 'directory') places.set(one.node, path);
  return { ...one, path, observed: undefined };
}

/** What is to be recorded of one thing that is there; nothing, when it is as it was. */
async function observe(
  session: Session,
  { node, parent, found }: MatchedNode<FoundHere>,
  path: Path,
): Promise<Observed> {
  const { state } = session;
  if (found.look === undefined) return undefined;
  const look = await settledLook(session, found.look, path);
  const known = state.local.get(node);
  const seen = state.seen(node);
  const isAsSeen = known !== undefined && isUnchanged(look, seen);
  if (!isAsSeen && look.kind === 'file')
    return await observeFile(session, { node, parent, known }, path);
  const entry = isAsSeen
    ? movedTo(known, { parent, name: found.name })
    : entryOf(look, parent, found.name);
  const { inode, fingerprint } = look;
  if (sameEntry(entry, known) && seen?.inode === inode && isAsSeen) return undefined;
  return [{ type: 'local', node, entry, seen: { inode, fingerprint } }];
}

/**
 * What was written to a moment ago, by us or by somebody else, would be read, and then once more. Of a large file that
 * costs more than to wait until its look tells whether it is to be read at all.
 */
async function settledLook({ disk, clock }: Session, look: Look, path: Path): Promise<Look> {
  if (look.kind !== 'file' || look.size <= LARGE.size || look.fingerprint !== '') return look;
  await clock.sleep(LARGE.wait);
  return (await disk.look(path).catch(() => undefined)) ?? look;
}

function isUnchanged(look: Look, seen: Seen | undefined): boolean {
  if (look.kind === 'directory') return seen?.inode === look.inode;
  return seen !== undefined && seen.fingerprint !== '' && seen.fingerprint === look.fingerprint;
}

function entryOf({ kind, target = '' }: Look, parent: NodeId, name: string): Entry {
  return kind === 'symlink' ? { kind, parent, name, target } : { kind: 'directory', parent, name };
}

interface KnownFile {
  readonly node: NodeId;
  readonly parent: NodeId;
  readonly known: Entry | undefined;
}

async function observeFile(
  session: Session,
  { node, parent, known }: KnownFile,
  path: Path,
): Promise<Observed> {
  try {
    const { manifest, look } = await readFile(session.disk, path, chunksOf(session, known));
    const { inode, fingerprint } = look;
    if (fingerprint === '') session.lookAgain.add(path.slice(0, -1).join('/'));
    const { checksum, size } = manifest;
    // What was edited has a time of its own, on a whole second too.
    const isSame = known?.kind === 'file' && known.checksum === checksum;
    const mtime = isSame && isSameTime(look.mtime, known.mtime) ? known.mtime : look.mtime;
    const executable = executableOf(session, look, known);
    const name = path.at(-1) ?? '';
    const entry: Entry = { kind: 'file', parent, name, checksum, size, mtime, executable };
    const note: Note = { type: 'local', node, entry, seen: { inode, fingerprint } };
    return size > MAX_WHOLE_SIZE ? [{ type: 'manifest', manifest }, note] : [note];
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    if (error.problem === 'absent' || error.problem === 'changed') return 'unsettled';
    const message = 'The file cannot be read; it stays as it was.';
    session.problems.addFound({ path: path.join('/'), code: error.problem, message });
    if (known !== undefined) session.unknown.add(node);
    return undefined;
  }
}

const chunksOf = ({ state }: Session, known: Entry | undefined): readonly ChunkRef[] | undefined =>
  known?.kind === 'file' && known.size > MAX_WHOLE_SIZE
    ? state.manifest(known.checksum)?.chunks
    : undefined;

/** Where the file system keeps whole or even seconds only, the time that was set reads a little less. */
const isSameTime = (seen: number, known: number): boolean =>
  seen === known || (seen % 1000 === 0 && Math.abs(seen - known) < 2000);

const executableOf = ({ disk }: Session, look: Look, known: Entry | undefined): boolean =>
  disk.features.executableBit ? look.executable : known?.kind === 'file' && known.executable;

function recordVanished(session: Session, vanished: readonly NodeId[]): void {
  const { state, lookAgain } = session;
  const gone = new Set(vanished);
  for (const node of heldOpen(state.local, gone)) {
    gone.delete(node);
    lookAgain.add((pathOf(state.local, node) ?? []).slice(0, -1).join('/'));
  }
  if (gone.size === 0) return;
  state.record([...gone].map((node) => ({ type: 'local', node, entry: undefined })));
}

/**
 * Directories that went while something that was in them could not be told: it was seen elsewhere and would not hold still.
 * Until it can be told they stay with it, for a tree has no node without the directory it is in.
 */
function heldOpen(local: Tree, gone: ReadonlySet<NodeId>): Set<NodeId> {
  const held = new Set<NodeId>();
  for (const node of gone) {
    for (const child of local.children(node)) if (!gone.has(child)) held.add(node);
  }
  for (const node of held) {
    const parent = local.get(node)?.parent;
    if (parent !== undefined && gone.has(parent)) held.add(parent);
  }
  return held;
}

/** How far reading is. Nobody is told of a look that found nothing new. */
class ReadingProgress {
  readonly #session: Session;
  readonly #filesTotal: number;
  readonly #bytesTotal: number;
  #files = 0;
  #bytes = 0;

  constructor(session: Session, present: readonly MatchedNode<FoundHere>[]) {
    this.#session = session;
    this.#filesTotal = present.length;
    this.#bytesTotal = bytesOf(present);
  }

  get isOver(): boolean {
    return this.#files === this.#filesTotal;
  }

  add(group: readonly MatchedNode<FoundHere>[], isNews: boolean): void {
    this.#files += group.length;
    this.#bytes += bytesOf(group);
    const [files, bytes] = [this.#files, this.#bytes];
    const [filesTotal, bytesTotal] = [this.#filesTotal, this.#bytesTotal];
    const progress: Progress = { step: 'scan', files, filesTotal, bytes, bytesTotal };
    if (isNews) this.#session.listener.progressed(progress);
  }
}

const sizeOf = ({ found }: MatchedNode<FoundHere>): number => found.look?.size ?? 0;

const bytesOf = (all: readonly MatchedNode<FoundHere>[]): number =>
  all.reduce((sum, one) => sum + sizeOf(one), 0);
