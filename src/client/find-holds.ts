import { createHash } from 'node:crypto';
import { type Deed, type Direction, type Loss, lossesOf, massOf } from '../core/danger.ts';
import { difference, type Step } from '../core/difference.ts';
import type { NodeId, Versioned } from '../core/entry.ts';
import type { Tree } from '../core/tree.ts';
import type { Hold, Sort } from './breaker.ts';
import type { Session } from './session.ts';

/** What a round would do: the part of a decision that holds are found in. */
export interface Intended {
  readonly target: Tree;
  readonly remote: Tree<Versioned>;
  readonly nodes: readonly NodeId[];
  readonly steps: readonly Step[];
}

/**
 * Holds what would go or be replaced in a mass, and nothing else, until a person has said what is to
 * become of it. A word that nothing is left for is spent.
 */
export function findHolds(session: Session, decision: Intended): readonly Hold[] {
  const { breaker, state } = session;
  const now = session.clock.now();
  const offers = difference(decision.remote, decision.target, decision.nodes);
  const steps: Record<Direction, readonly Step[]> = {
    incoming: decision.steps,
    outgoing: offers,
  };
  const allowed = state.allowed();
  const losses = [
    ...lossesOf('incoming', steps.incoming, { from: state.local, target: decision.target }),
    ...lossesOf('outgoing', steps.outgoing, { from: decision.remote, target: decision.target }),
  ];
  const open = losses.filter((loss) => allowed.get(loss.node) !== wordOf(loss));
  if (allowed.size > 0) spend(session, losses);
  breaker.holds = SORTS.flatMap((sort) => {
    const ofSort = open.filter(({ direction, deed }) => isOf(sort, direction, deed));
    const limit = breaker.limit(sort.deed);
    const nodesWith = (checksums: ReadonlySet<string>): NodeId[] => [
      ...state.nodesWith(checksums),
      ...decision.nodes,
    ];
    const trees = { synced: state.synced, target: decision.target, nodesWith };
    const mass =
      limit && massOf({ losses: ofSort, recent: breaker.recent(sort, now), ...trees }, limit);
    if (mass === undefined || mass.length === 0) {
      breaker.letThrough(ofSort, now);
      return [];
    }
    const from = sort.direction === 'incoming' ? state.local : decision.remote;
    const along = sort.deed === 'delete' ? goneAlong(steps[sort.direction]) : [];
    return [holdOf(sort, mass, { along, bytes: bytesIn(from, mass) })];
  });
  return breaker.holds;
}

const SORTS: readonly Sort[] = [
  { direction: 'incoming', deed: 'delete' },
  { direction: 'incoming', deed: 'overwrite' },
  { direction: 'outgoing', deed: 'delete' },
  { direction: 'outgoing', deed: 'overwrite' },
];

const isOf = (sort: Sort, direction: Direction, deed: Deed): boolean =>
  sort.direction === direction && sort.deed === deed;

/** Every node of which nothing is to be carried out or offered. */
export function withheldBy(holds: readonly Hold[]): Set<NodeId> {
  return new Set(
    holds.flatMap(({ losses, along }) => [...losses.map(({ node }) => node), ...along]),
  );
}

/** Names what is allowed of a node: this deed, on this content, for that one. */
export const wordOf = ({ direction, deed, lost, made }: Omit<Loss, 'node' | 'time'>): string =>
  `${direction} ${deed} ${lost} ${made}`;

/** What was allowed and is done, or has come to nothing, is allowed no more. */
function spend({ state }: Session, losses: readonly Loss[]): void {
  const words = new Map<NodeId, Set<string>>();
  for (const loss of losses) {
    const known = words.get(loss.node) ?? new Set();
    words.set(loss.node, known.add(wordOf(loss)));
  }
  const spent = [...state.allowed()].filter(([node, what]) => words.get(node)?.has(what) !== true);
  if (spent.length > 0)
    state.record(spent.map(([node]) => ({ type: 'allowed', node, what: undefined })));
}

const goneAlong = (steps: readonly Step[]): NodeId[] =>
  steps
    .filter(({ before, after }) => after === undefined && before?.kind !== 'file')
    .map(({ node }) => node);

const bytesIn = (from: Tree, losses: readonly Loss[]): number =>
  losses.reduce((sum, { node }) => {
    const entry = from.get(node);
    return entry?.kind === 'file' ? sum + entry.size : sum;
  }, 0);

function holdOf(
  sort: Sort,
  losses: readonly Loss[],
  { along, bytes }: Pick<Hold, 'along' | 'bytes'>,
): Hold {
  const hash = createHash('sha256').update(`${sort.direction} ${sort.deed}\n`);
  const lines = losses.map((loss) => `${loss.node} ${wordOf(loss)}\n`);
  for (const line of [...lines, ...along.map((node) => `${node}\n`)].sort()) hash.update(line);
  return { id: hash.digest('hex').slice(0, 12), ...sort, losses, bytes, along };
}
