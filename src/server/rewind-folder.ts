import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Change } from '../core/change.ts';
import { type NodeId, ROOT, type Versioned } from '../core/entry.ts';
import { type Rewind, rewind } from '../core/rewind.ts';
import { type Meant, nodeThen, RewindScope } from '../core/rewind-scope.ts';
import { nodeAt, type Tree } from '../core/tree.ts';
import { Failure } from '../protocol/failure.ts';
import type { RewindProblem, RewindRounding, RewindStep, Rewound } from '../protocol/rewind.ts';
import { namesOf } from './by-path.ts';
import { type Author, commitPlan, type FolderPorts, type Plan } from './commit-by-path.ts';
import { countSteps, describeProblem, describeStep, placeIn } from './describe-step.ts';
import { mustFindFolder } from './find-folder.ts';
import { findLost, type LostPorts } from './find-lost.ts';
import { withTree } from './loaded-tree.ts';
import type { PastPageAnswer } from './past.ts';
import { madeAt } from './past-state.ts';

export type RewindPorts = FolderPorts & LostPorts;

export interface RewindAsked {
  /** undefined: the folder itself. */
  readonly path: string | undefined;
  /** A cursor, or a time in milliseconds since 1970. */
  readonly to: { readonly cursor: number } | { readonly time: number };
  /** Only says what it would change. */
  readonly isDry: boolean;
  readonly author: Author;
}

/** Told of in an answer; the commit has all. */
const MOST_TOLD = 1_000;
const PAGE = 5_000;

/**
 * Makes what is at a path, with everything in it, what it was at the end of a commit; in one commit, which a second rewind
 * takes back (decision 0019). The path means the node that is there now; where that is new since, or nothing is there, the one
 * that was there then. Throws Failure `bad_name`, `not_found` where nothing is or was, and what `commitByPath` throws.
 */
export async function rewindFolder(ports: RewindPorts, asked: RewindAsked): Promise<Rewound> {
  const plan = (): Promise<Plan<Rewound>> => planRewind(ports, asked);
  if (asked.isDry) return (await plan()).result;
  const { result, span } = await commitPlan(ports, {
    author: asked.author,
    cause: 'rewind',
    plan,
  });
  // What was committed between the look and this commit counts as before it.
  return span === undefined ? result : { ...result, ...span, from: span.first - 1 };
}

async function planRewind(ports: RewindPorts, { path, to: when }: RewindAsked) {
  const names = path === undefined ? [] : namesOf(path);
  const { cursor: from } = await mustFindFolder(ports);
  const to = await ports.metadata.lastCommit(ports.folder, when);
  const { past, rounded } = await loadPast(ports, to, from);
  if ('cursor' in when) await forgetExact(ports, rounded, to);
  const lost = new Map<NodeId, string>();
  for (;;) {
    const known = { past, rounded, lost, names };
    const seen = await withTree(ports, past.keys(), (now) => lookAt(now, known));
    if (seen === undefined) throw new Failure('not_found', 'Nothing is there, nor was then.');
    const found = await findLost(ports, seen.plan);
    if (found.size === 0) return planOf(seen, { to, from });
    for (const [node, reason] of found) lost.set(node, reason);
  }
}

/** What nodes were that have changed since. */
async function loadPast(
  { metadata, folder }: RewindPorts,
  at: number,
  until: number,
): Promise<Loaded> {
  const past = new Map<NodeId, Versioned | undefined>();
  const rounded = new Map<NodeId, number>();
  for (let after: number | undefined = at; after !== undefined; ) {
    const page = { at, until, after, limit: PAGE };
    const { states, next }: PastPageAnswer = await metadata.changedSince(folder, page);
    for (const { node, entry, isRounded } of states) {
      past.set(node, entry);
      if (isRounded === true && entry !== undefined) rounded.set(node, madeAt(entry));
    }
    after = next;
    await nextTurn();
  }
  return { past, rounded };
}

/** At a cursor, what that very commit changed is what the commit made of it. By a time, a later one may have been meant. */
async function forgetExact(
  { metadata, folder }: RewindPorts,
  rounded: Map<NodeId, number>,
  to: number,
): Promise<void> {
  const { first = to + 1 } = (await metadata.commitOf(folder, to)) ?? {};
  for (const [node, version] of rounded) if (version >= first) rounded.delete(node);
}

interface Loaded {
  readonly past: Map<NodeId, Versioned | undefined>;
  /** Nodes that may have been others, with the changes that made them what `past` says. */
  readonly rounded: Map<NodeId, number>;
}

interface Known {
  readonly past: ReadonlyMap<NodeId, Versioned | undefined>;
  readonly rounded: ReadonlyMap<NodeId, number>;
  /** With the reasons. */
  readonly lost: ReadonlyMap<NodeId, string>;
  readonly names: readonly string[];
}

interface Seen {
  readonly plan: Rewind;
  readonly steps: readonly RewindStep[];
  readonly problems: readonly RewindProblem[];
  readonly rounded: readonly RewindRounding[];
}

function lookAt(now: Tree<Versioned>, known: Known): Seen | undefined {
  const { past, rounded, lost, names } = known;
  const meant = meantBy(now, past, names);
  if (meant.length === 0) return undefined;
  const plan = rewind({ now, past, meant, lost: new Set(lost.keys()), mark: 'rewound' });
  const trees = { now, past, end: plan.end };
  const scope = new RewindScope({ now, past, meant });
  return {
    plan,
    steps: plan.steps.slice(0, MOST_TOLD).map((step) => describeStep(step, trees)),
    problems: plan.kept
      .slice(0, MOST_TOLD)
      .map((node) => describeProblem({ node, reason: lost.get(node) ?? '' }, trees)),
    rounded: [...rounded]
      .filter(([node]) => !lost.has(node) && scope.wasIn(node))
      .slice(0, MOST_TOLD)
      .map(([node, version]) => ({ node, path: placeIn(node, trees), version })),
  };
}

function meantBy(
  now: Tree<Versioned>,
  past: Known['past'],
  names: readonly string[],
): readonly Meant[] {
  if (names.length === 0) return [{ node: ROOT, stays: true }];
  const living = nodeAt(now, names);
  const isOld = living !== undefined && !(past.has(living) && past.get(living) === undefined);
  const was = isOld ? undefined : nodeThen({ now, past }, names);
  return [
    ...(living === undefined ? [] : [{ node: living, stays: true }]),
    ...(was === undefined ? [] : [{ node: was, stays: false }]),
  ];
}

function planOf(
  { plan, steps, problems, rounded }: Seen,
  { to, from }: { readonly to: number; readonly from: number },
): Plan<Rewound> & { readonly changes: readonly Change[] } {
  const told = {
    ...(problems.length > 0 && { problems: [...problems] }),
    ...(rounded.length > 0 && { rounded: [...rounded] }),
  };
  const result = { to, from, ...countSteps(plan.steps), steps: [...steps], ...told };
  return { changes: plan.changes, result };
}
