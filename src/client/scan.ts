import { type NodeId, ROOT } from '../core/entry.ts';
import type { Matched, MatchedNode } from '../core/match.ts';
import { below, pathOf, type Tree } from '../core/tree.ts';
import { lookAndMatch, type MatchedHere } from './look-and-match.ts';
import { type FoundHere, type Surroundings, UNMOUNTED } from './look-around.ts';
import { makeDurable } from './make-durable.ts';
import { wasMount } from './mounts.ts';
import { isUnchanged } from './observe.ts';
import type { Note, Path } from './ports.ts';
import { bytesOf, ReadingProgress } from './reading-progress.ts';
import { type Meanwhile, type Recorded, recordPresent } from './record-present.ts';
import { muchOf, roomOf } from './room.ts';
import type { Session, Where } from './session.ts';

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
 * what is new or changed, record. What vanished is looked for again before it is believed. Where very much is new or changed,
 * part by part: what is recorded by then is a tree by itself. With much read and much left, where all of it is new, it
 * is offered too: see `Meanwhile`.
 */
export async function scan(
  session: Session,
  where: Where,
  meanwhile?: Meanwhile,
): Promise<Scanned> {
  const progress = new ReadingProgress(session);
  const unsettled: Path[] = [];
  const roomy = roomOf(session);
  let [at, room]: [Where, number] = [where, roomy];
  do {
    const part = await scanPart(session, { where: at, room }, { ...meanwhile, progress });
    const { left, isCut } = part;
    unsettled.push(...part.unsettled, ...(isCut ? left : []));
    // Where nothing comes of as much as there is room for, the same would be found again.
    const isGoingOn = part.isNews || at === 'everything' || left.length < at.length;
    [at, room] = [isCut ? [] : left, isGoingOn ? roomy : Number.POSITIVE_INFINITY];
  } while (at.length > 0);
  // Also where the round ends early, because the server is away.
  session.lookAgain.addAll(unsettled);
  return { unsettled };
}

interface Part extends Omit<Recorded, 'nodes'> {
  /** Where to look next. */
  readonly left: readonly Path[];
  /** Something is recorded that was not known. */
  readonly isNews: boolean;
}

type Reading = Partial<Meanwhile> & { readonly progress: ReadingProgress };

async function scanPart(
  session: Session,
  { where, room }: { readonly where: Where; readonly room: number },
  { offer, follow, progress }: Reading,
): Promise<Part> {
  let wider = where;
  let [around, matched] = await lookAndMatch(session, where, room);
  let missed = new Set<NodeId>();
  for (let look = 1; look < LOOKS && matched.vanished.some((id) => !missed.has(id)); look += 1) {
    missed = new Set(matched.vanished);
    await session.clock.sleep(OTHER_HALF);
    wider = session.alsoDirty(wider);
    [around, matched] = await lookAndMatch(session, wider, room);
  }
  await makeDurable(session);
  session.problems.setFound(around.looked, around.problems);
  forgetIgnored(session, around);
  noteUnknown(session, matched);
  const { left } = around;
  const isOffered = isOnlyNews(session, matched);
  progress.expect(matched.present, left.length === 0);
  const { nodes, ...recorded } = await recordPresent(session, matched.present, {
    ...(isOffered && offer !== undefined && { offer }),
    ...(follow !== undefined && { follow }),
    progress,
  });
  recordVanished(session, matched.vanished);
  return { ...recorded, left, isNews: nodes.some((node) => matched.made.has(node)) };
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

function isAsRecorded(
  { state }: Session,
  { node, parent, found }: MatchedNode<FoundHere>,
): boolean {
  const known = state.local.get(node);
  const isThere = known?.parent === parent && known.name === found.name;
  return isThere && found.look !== undefined && isUnchanged(found.look, state.seen(node));
}

function recordVanished(session: Session, vanished: readonly NodeId[]): void {
  const { state, lookAgain } = session;
  const gone = new Set(vanished);
  for (const node of heldOpen(state.local, gone)) {
    gone.delete(node);
    lookAgain.addAll([(pathOf(state.local, node) ?? []).slice(0, -1)]);
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
