import { type NodeId, ROOT } from '../core/entry.ts';
import { inGroups } from '../core/in-groups.ts';
import { type Matched, type MatchedNode, match } from '../core/match.ts';
import { below, pathOf, type Tree } from '../core/tree.ts';
import { ahead } from './ahead.ts';
import { atOnce } from './at-once.ts';
import { type FoundHere, lookAround, type Surroundings, UNMOUNTED } from './look-around.ts';
import { makeDurable } from './make-durable.ts';
import { wasMount, withoutMounts } from './mounts.ts';
import { isUnchanged, type Looking, type Observed, observe } from './observe.ts';
import type { Note, Path } from './ports.ts';
import type { Progress, Session, Where } from './session.ts';

export interface Scanned {
  /** Directories that were still being written to: look at them again soon. */
  readonly unsettled: readonly Path[];
}

/** What is done while there is much to read. */
export interface Meanwhile {
  /** Offers what is recorded by now. Answers whether ids are what they were; where not, the rest is to be looked at again. */
  readonly offer: () => Promise<boolean>;
  readonly follow: NonNullable<Looking['follow']>;
}

/** How long the other half of a move may take to show (B14), in milliseconds. */
const OTHER_HALF = 50;
/** While each look misses something new, as during a long deletion, it ends with so many. */
const LOOKS = 4;

/**
 * Brings the local tree to what is on the disk, in these directories: list, match to known nodes, read
 * what is new or changed, record. What vanished is looked for again before it is believed. With much read and much left, where
 * all of it is new, what is recorded by then is a tree by itself, and is offered: see `Meanwhile`.
 */
export async function scan(
  session: Session,
  where: Where,
  meanwhile?: Meanwhile,
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
  const unsettled = await recordPresent(session, matched.present, {
    ...meanwhile,
    ...(!isNews && { offer: undefined }),
  });
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

/** Recorded in groups, so that an interrupted first scan need not begin again. */
const GROUP = 500;
/** So much is worth to be sent before the rest is read: a few commits. */
const MUCH = { nodes: 2000, bytes: 32 * 1024 * 1024 };
/** Files read at a time. */
const AT_ONCE = 8;

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

/** How much is worth to be sent before the rest is read. */
export const muchOf = ({ settings: { much = MUCH } }: Session): typeof MUCH => much;

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
  { offer, follow }: { readonly [K in keyof Meanwhile]?: Meanwhile[K] | undefined },
): Promise<Path[]> {
  const unsettled: Path[] = [];
  const places = placesOf(session, present);
  let seen = 0;
  const progress = new ReadingProgress(session, present);
  const much = muchOf(session);
  const groups = inGroups(
    present,
    { size: much.bytes, count: Math.min(GROUP, much.nodes) },
    sizeOf,
  );
  let recorded = { nodes: 0, bytes: 0 };
  // While the one is sent, the next is read.
  for await (const [group, observed] of ahead(groups, (one) =>
    observeAll({ session, follow }, one, places),
  )) {
    unsettled.push(...observed.unsettled);
    const { notes } = observed;
    if (notes.length > 0) session.state.record(notes);
    progress.add(group, notes.length > 0);
    const nodes = notes.filter(({ type }) => type === 'local').length;
    recorded = { nodes: recorded.nodes + nodes, bytes: recorded.bytes + bytesOf(group) };
    seen += group.length;
    if (recorded.nodes < much.nodes && recorded.bytes < much.bytes) continue;
    recorded = { nodes: 0, bytes: 0 };
    if (progress.isOver || (await offer?.()) !== false) continue;
    const rest = present.slice(seen).map((one) => located(one, places));
    return [...unsettled, ...rest.map(({ path }) => path.slice(0, -1))];
  }
  return unsettled;
}

/** Of the directories that were looked into, while all ids are what they were. */
function placesOf(
  { state: { local } }: Session,
  present: readonly MatchedNode<FoundHere>[],
): Map<NodeId, Path> {
  const places = new Map<NodeId, Path>([[ROOT, []]]);
  for (const { parent } of present) {
    if (places.has(parent)) continue;
    const path = pathOf(local, parent);
    if (path !== undefined) places.set(parent, path);
  }
  return places;
}

interface ObservedGroup {
  readonly notes: readonly Note[];
  readonly unsettled: readonly Path[];
}

async function observeAll(
  looking: Looking,
  some: readonly MatchedNode<FoundHere>[],
  places: Map<NodeId, Path>,
): Promise<ObservedGroup> {
  const group = some.map((one) => located(one, places));
  await atOnce(group, AT_ONCE, async (one) => {
    one.observed = await observe(looking, one, one.path);
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
  one: MatchedNode<FoundHere>,
  places: Map<NodeId, Path>,
): MatchedNode<FoundHere> & { readonly path: Path; observed: Observed } {
  const above = places.get(one.parent) ?? [];
  const path = [...above, one.found.name];
  if (one.found.kind === 'directory') places.set(one.node, path);
  return { ...one, path, observed: undefined };
}

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
