import type { Step } from '../../core/difference.ts';
import { type Entry, type NodeId, ROOT, samePlace } from '../../core/entry.ts';
import { above } from '../../core/tree.ts';
import { type Carrier, placed } from './carrier.ts';
import { dropNode } from './drop-nodes.ts';

/** Where lifted nodes hang meanwhile: in no directory, so nothing below them has a path. */
const LIFTED: NodeId = '(lifted)';

/**
 * New directories and moves. Each is done as soon as its parent is there and its name is free; when
 * all wait for each other (a swap, an inversion), one of them is lifted out of the way. Every node is
 * lifted at most once, so it ends.
 */
export async function placeNodes(carrier: Carrier): Promise<void> {
  await placeAll(carrier);
  for (const node of [...carrier.where.children(LIFTED)]) await lowerAgain(carrier, node);
}

async function placeAll(carrier: Carrier): Promise<void> {
  let waiting = carrier.open(changesPlace);
  while (waiting.length > 0) {
    const left: Step[] = [];
    for (const step of waiting) if (!(await tryPlace(carrier, step))) left.push(step);
    if (left.length === waiting.length && !(await liftOne(carrier, left))) {
      for (const { node } of left) carrier.hold(node);
      return;
    }
    waiting = left;
  }
}

const changesPlace = ({ before, after }: Step): boolean => {
  if (after === undefined) return false;
  return before === undefined ? after.kind === 'directory' : !samePlace(before, after);
};

/** Answers false while it has to wait. */
async function tryPlace(carrier: Carrier, { node, after }: Step): Promise<boolean> {
  if (after === undefined || carrier.held.has(node)) return true;
  if (holdDependent(carrier, node, after)) return true;
  if (!isReachable(carrier, after.parent, node)) return false;
  const inTheWay = carrier.where.named(after.parent, after.name).filter((other) => other !== node);
  // It waits for a name that becomes free; not for one that cannot, or it would be lifted for nothing.
  for (const other of inTheWay)
    if (!(await dropNode(carrier, other))) return holdDependent(carrier, node, after);
  await carrier.attempt(node, () => place(carrier, node, after));
  return true;
}

/**
 * What cannot proceed holds what needs it to: a directory, what goes into it; a node in the way, what takes its name.
 * Answers whether this node is held for that.
 */
export function holdDependent(carrier: Carrier, node: NodeId, after: Entry): boolean {
  const isDependent = dependsOnHeld(carrier, node, after);
  if (isDependent) carrier.hold(node);
  return isDependent;
}

function dependsOnHeld({ held, decision, where }: Carrier, node: NodeId, after: Entry): boolean {
  if (held.size === 0) return false;
  for (const id of above(decision.target, node)) if (held.has(id) && !where.get(id)) return true;
  return where.named(after.parent, after.name).some((other) => other !== node && held.has(other));
}

/** The directory is on the disk, and not below the node that is to go into it. */
function isReachable({ where }: Carrier, directory: NodeId, node: NodeId): boolean {
  if (directory === ROOT) return true;
  if (where.get(directory) === undefined || directory === node) return false;
  let last: NodeId = directory;
  for (const id of above(where, directory)) {
    if (id === node) return false;
    last = id;
  }
  return last === ROOT;
}

async function place(carrier: Carrier, node: NodeId, after: Entry): Promise<void> {
  const { disk } = carrier.session;
  const to = [...(carrier.pathOf(after.parent) ?? []), after.name];
  const now = carrier.where.get(node);
  if (now === undefined) {
    carrier.did(node, after, await disk.makeDirectory(to));
  } else if (now.parent === LIFTED) {
    carrier.did(node, placed(now, after), await disk.lower(node, to));
  } else {
    const expected = await carrier.expect(node);
    carrier.did(
      node,
      placed(now, after),
      await disk.move(carrier.pathOf(node) ?? [], to, expected),
    );
  }
}

/** Takes one of those that wait for each other out of the way. */
async function liftOne(carrier: Carrier, waiting: readonly Step[]): Promise<boolean> {
  const chosen = choose(carrier.where, waiting);
  if (chosen === undefined) return false;
  const { node } = chosen;
  return await carrier.attempt(node, async () => {
    const entry = carrier.where.get(node);
    const path = carrier.pathOf(node);
    if (entry === undefined || path === undefined) throw new Error(`${node} is not on the disk.`);
    await carrier.session.disk.lift(path, node, await carrier.expect(node));
    carrier.where.set(node, placed(entry, { kind: 'directory', parent: LIFTED, name: node }));
  });
}

/**
 * None that others are in which wait too: lifted with it, these had no path to be moved from. A directory where there is
 * one, for rings are of directories.
 */
function choose(where: Carrier['where'], waiting: readonly Step[]): Step | undefined {
  const isHere = ({ node }: Step): boolean =>
    where.get(node) !== undefined && where.get(node)?.parent !== LIFTED;
  const movable = waiting.filter(isHere);
  const around = new Set(movable.flatMap(({ node }) => [...above(where, node)]));
  const innermost = movable.filter(({ node }) => !around.has(node));
  return innermost.find(({ before }) => before?.kind === 'directory') ?? innermost[0];
}

/**
 * What found no place goes back to its own at once, in people's sight, and keeps its directory from being dropped.
 * Where that is taken by now, the next round finds it another (see putBack).
 */
async function lowerAgain(carrier: Carrier, node: NodeId): Promise<void> {
  const { disk, state } = carrier.session;
  const entry = state.local.get(node);
  if (entry === undefined) return;
  const parent = carrier.pathOf(entry.parent);
  if (parent === undefined) return;
  await carrier.attempt(node, async () => {
    await disk.lower(node, [...parent, entry.name]);
    carrier.where.set(node, entry);
  });
}
