import type { NodeId, Versioned } from '../core/entry.ts';
import { type RewindStep, rewindInPieces } from '../core/rewind.ts';
import { type Meant, RewindScope } from '../core/rewind-scope.ts';
import type { Tree } from '../core/tree.ts';
import type {
  RewindProblem,
  RewindRounding,
  Rewound,
  RewindStep as WireStep,
} from '../protocol/rewind.ts';
import { namesOf } from './by-path.ts';
import { countSteps, describeProblem, describeStep, placeIn } from './describe-step.ts';
import { mustFindFolder } from './find-folder.ts';
import { findLost } from './find-lost.ts';
import { findMeant } from './find-meant.ts';
import { nextTurn } from './in-turns.ts';
import { LoadedPast } from './loaded-past.ts';
import { withTree } from './loaded-tree.ts';
import type { PastState } from './past.ts';
import { MARK, MOST_TOLD, type RewindAsked, type RewindPorts } from './rewind-folder.ts';
import { exactFrom, roundedTo } from './rounded-to.ts';

export interface PreviewAsked extends Pick<RewindAsked, 'path' | 'to'> {
  /** Where the part before ended; 0 for the first one. */
  readonly after: number;
  /** How many changes a part looks through at most: so many groups of so many. */
  readonly groups?: { readonly count: number; readonly size: number };
}

/** A group takes some 10 ms, in which others have their turn, too. */
const GROUPS = { count: 20, size: 500 };
/** Milliseconds after which a part ends with the group that it is at: a person waits for it. */
const SOON = 150;

/**
 * Says a part of what a rewind would change, soon, however much that is: of the nodes whose first change since comes next
 * after `after`. The parts together count each step once. As `rewindFolder` says it, but for the paths of what had been moved in:
 * which places are free for that, only the whole can tell. Throws what that throws.
 */
export async function previewRewind(
  ports: RewindPorts,
  { path, to: when, after: begin, groups: { count, size } = GROUPS }: PreviewAsked,
): Promise<Rewound> {
  const begun = ports.clock.now();
  const names = path === undefined ? [] : namesOf(path);
  const { cursor: from } = await mustFindFolder(ports);
  const to = await ports.metadata.lastCommit(ports.folder, when);
  const meant = await findMeant(ports, names, { at: to, until: from });
  const exact = await exactFrom(ports, when, to);
  const seen: Seen = { steps: [], told: [], problems: [], rounded: [] };
  let after: number | undefined = Math.max(begin, to);
  const isLate = (): boolean => ports.clock.now() - begun > SOON;
  for (let group = 0; group < count && after !== undefined; group += 1) {
    if (group > 0 && isLate()) break;
    const page = { at: to, until: from, after, limit: size };
    const { states, next }: Awaited<ReturnType<typeof ports.metadata.changedSince>> =
      await ports.metadata.changedSince(ports.folder, page);
    await lookAt(ports, { to, exact, meant, states }, seen);
    // After the folder's last change there is none.
    after = next === from ? undefined : next;
    await nextTurn();
  }
  const { steps, told, problems, rounded } = seen;
  return {
    ...{ to, from, ...countSteps(steps), steps: told },
    ...(problems.length > 0 && { problems }),
    ...(rounded.length > 0 && { rounded }),
    ...(after !== undefined && { next: after }),
  };
}

/** What was found so far. */
interface Seen {
  readonly steps: RewindStep[];
  readonly told: WireStep[];
  readonly problems: RewindProblem[];
  readonly rounded: RewindRounding[];
}

interface Group {
  readonly to: number;
  /** See `roundedTo`. */
  readonly exact: number;
  readonly meant: readonly Meant[];
  readonly states: readonly PastState[];
}

/** What happens to one node does not hang on others that are not above it, then or now: those are looked at with it. */
async function lookAt(ports: RewindPorts, group: Group, seen: Seen): Promise<void> {
  const { to, exact, meant, states } = group;
  if (states.length === 0) return;
  const nodes = states.map(({ node }) => node);
  const past = new LoadedPast(to, states);
  const lost = new Map<NodeId, string>();
  const rounded = new Map(states.map((state) => [state.node, roundedTo(state, exact)]));
  const groups = { ofGroup: new Set(nodes), rounded, past, meant, lost };
  for (;;) {
    const found = await withTree(ports, { nodes, past }, (now) => stepsOf(now, groups));
    const more = await findLost(ports, found.plan);
    if (more.size === 0) {
      seen.steps.push(...found.steps);
      seen.told.push(...found.told.slice(0, MOST_TOLD - seen.told.length));
      seen.problems.push(...found.problems.slice(0, MOST_TOLD - seen.problems.length));
      seen.rounded.push(...found.rounded.slice(0, MOST_TOLD - seen.rounded.length));
      return;
    }
    for (const [node, reason] of more) lost.set(node, reason);
  }
}

interface Known {
  readonly ofGroup: ReadonlySet<NodeId>;
  readonly rounded: ReadonlyMap<NodeId, number | undefined>;
  readonly past: LoadedPast;
  readonly meant: readonly Meant[];
  /** With the reasons. */
  readonly lost: ReadonlyMap<NodeId, string>;
}

function* stepsOf(now: Tree<Versioned>, { ofGroup, rounded, past, meant, lost }: Known) {
  const asked = { now, past, meant, lost: new Set(lost.keys()), mark: MARK };
  const { steps: all, kept, end } = yield* rewindInPieces(asked);
  const steps = all.filter(({ node }) => ofGroup.has(node));
  const trees = { now, past, end };
  const scope = new RewindScope({ now, past, meant });
  return {
    plan: { steps, end },
    steps,
    told: steps.slice(0, MOST_TOLD).map((step) => describeStep(step, trees)),
    problems: kept
      .filter((node) => ofGroup.has(node))
      .map((node) => describeProblem({ node, reason: lost.get(node) ?? '' }, trees)),
    rounded: [...rounded].flatMap(([node, version]) =>
      version === undefined || lost.has(node) || !scope.wasIn(node)
        ? []
        : [{ node, path: placeIn(node, trees), version }],
    ),
  };
}
