import type { Change } from '../core/change.ts';
import type { NodeId, Versioned } from '../core/entry.ts';
import { type Rewind, rewindInPieces } from '../core/rewind.ts';
import { type Meant, RewindScope } from '../core/rewind-scope.ts';
import type { Tree } from '../core/tree.ts';
import type { RewindProblem, RewindRounding, RewindStep, Rewound } from '../protocol/rewind.ts';
import { namesOf } from './by-path.ts';
import { type Author, commitPlan, type FolderPorts, type Plan } from './commit-by-path.ts';
import { countSteps, describeProblem, describeStep, placeIn } from './describe-step.ts';
import { mustFindFolder } from './find-folder.ts';
import { findLost, type LostPorts } from './find-lost.ts';
import { type Between, findMeant } from './find-meant.ts';
import { nextTurn } from './in-turns.ts';
import { withTree } from './loaded-tree.ts';
import type { PastPageAnswer } from './past.ts';
import { exactFrom, roundedTo } from './rounded-to.ts';

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
export const MOST_TOLD = 1_000;
/** In names that have to be others. */
export const MARK = 'rewound';
const PAGE = 1_000;

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
  const meant = await findMeant(ports, names, { at: to, until: from });
  const exact = await exactFrom(ports, when, to);
  const { past, rounded } = await loadPast(ports, { at: to, until: from, exact });
  const lost = new Map<NodeId, string>();
  for (;;) {
    const known = { past, rounded, lost, meant };
    const seen = await withTree(ports, { nodes: past.keys() }, (now) => lookAt(now, known));
    const found = await findLost(ports, seen.plan);
    if (found.size === 0) return planOf(seen, { to, from });
    for (const [node, reason] of found) lost.set(node, reason);
  }
}

/** What nodes were that have changed since. */
async function loadPast(
  { metadata, folder }: RewindPorts,
  { at, until, exact }: Between & { readonly exact: number },
): Promise<Loaded> {
  const past = new Map<NodeId, Versioned | undefined>();
  const rounded = new Map<NodeId, number>();
  for (let after: number | undefined = at; after !== undefined; ) {
    const page = { at, until, after, limit: PAGE };
    const { states, next }: PastPageAnswer = await metadata.changedSince(folder, page);
    for (const state of states) {
      past.set(state.node, state.entry);
      const version = roundedTo(state, exact);
      if (version !== undefined) rounded.set(state.node, version);
    }
    after = next;
    await nextTurn();
  }
  return { past, rounded };
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
  readonly meant: readonly Meant[];
}

interface Seen {
  readonly plan: Rewind;
  readonly steps: readonly RewindStep[];
  readonly problems: readonly RewindProblem[];
  readonly rounded: readonly RewindRounding[];
}

function* lookAt(now: Tree<Versioned>, known: Known): Generator<void, Seen> {
  const { past, rounded, lost, meant } = known;
  const asked = { now, past, meant, lost: new Set(lost.keys()), mark: MARK };
  const plan = yield* rewindInPieces(asked);
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
