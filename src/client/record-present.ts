import { type NodeId, ROOT } from '../core/entry.ts';
import { inGroups } from '../core/in-groups.ts';
import type { MatchedNode } from '../core/match.ts';
import { pathOf } from '../core/tree.ts';
import { ahead } from './ahead.ts';
import { atOnce } from './at-once.ts';
import type { FoundHere } from './look-around.ts';
import { type Looking, type Observed, observe } from './observe.ts';
import type { Note, Path } from './ports.ts';
import { bytesOf, type ReadingProgress, sizeOf } from './reading-progress.ts';
import { muchOf } from './room.ts';
import type { Session } from './session.ts';

/** What is done while there is much to read. */
export interface Meanwhile {
  /** Offers what is recorded by now. Answers whether ids are what they were; where not, the rest is to be looked at again. */
  readonly offer: () => Promise<boolean>;
  readonly follow: NonNullable<Looking['follow']>;
}

/** Recorded in groups, so that an interrupted first scan need not begin again. */
const GROUP = 500;
/** Files read at a time. */
const AT_ONCE = 8;

export interface Recorded {
  /** Directories to be looked at again: what is in them was still being written to, or got other ids. */
  readonly unsettled: readonly Path[];
  /** That were recorded. */
  readonly nodes: readonly NodeId[];
  /** The rest was not read: ids are not what they were. */
  readonly isCut: boolean;
}

/** Reads what is new or changed of what is there, and records it. */
export async function recordPresent(
  session: Session,
  present: readonly MatchedNode<FoundHere>[],
  { offer, follow, progress }: Partial<Meanwhile> & { readonly progress: ReadingProgress },
): Promise<Recorded> {
  const unsettled: Path[] = [];
  const places = placesOf(session, present);
  const all: NodeId[] = [];
  let seen = 0;
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
    const nodes = notes.flatMap((note) => (note.type === 'local' ? [note.node] : []));
    all.push(...nodes);
    recorded = { nodes: recorded.nodes + nodes.length, bytes: recorded.bytes + bytesOf(group) };
    seen += group.length;
    if (recorded.nodes < much.nodes && recorded.bytes < much.bytes) continue;
    recorded = { nodes: 0, bytes: 0 };
    if (progress.isOver || (await offer?.()) !== false) continue;
    const rest = present.slice(seen).map((one) => located(one, places).path.slice(0, -1));
    return { unsettled: [...unsettled, ...rest], nodes: all, isCut: true };
  }
  return { unsettled, nodes: all, isCut: false };
}

/** Of the directories that were looked into, while all ids are what they were. */
export function placesOf(
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
export function located(
  one: MatchedNode<FoundHere>,
  places: Map<NodeId, Path>,
): MatchedNode<FoundHere> & { readonly path: Path; observed: Observed } {
  const above = places.get(one.parent) ?? [];
  const path = [...above, one.found.name];
  if (one.found.kind === 'directory') places.set(one.node, path);
  return { ...one, path, observed: undefined };
}
