import type { Step } from './difference.ts';
import { type NodeId, ROOT, sameBytes } from './entry.ts';
import { below, nodeAt, pathOf, type Tree } from './tree.ts';

/** What becomes of the content that a file has. */
export type Deed = 'delete' | 'overwrite';
/** Whose content it is: `outgoing` is done by this client to the server's, `incoming` by the server to this disk's. */
export type Direction = 'incoming' | 'outgoing';

/** One file would lose the content that it has. */
export interface Loss {
  readonly node: NodeId;
  readonly direction: Direction;
  readonly deed: Deed;
  /** Checksum of the content that goes. */
  readonly lost: string;
  /** Modification time of the content that goes, in milliseconds since 1970. */
  readonly time: number;
  /** Checksum of the content that comes; '' for a deletion. */
  readonly made: string;
}

/** From which number of files on a deed is a mass, and is asked about (rule S15). */
export interface Limit {
  /** More than this many, however many files there are. */
  readonly over: number;
  /** This part of all files (0 to 1), … */
  readonly share: number;
  /** … if they are at least so many. */
  readonly least: number;
  /** Every file, if they are at least so many. */
  readonly all: number;
}

/** Without an entry a deed is never asked about. */
export type Limits = Readonly<Partial<Record<Deed, Limit>>>;

/** What configurations say unless they say otherwise: more than so many, or this part of all files. */
export const USUAL = { over: 1000, share: 0.5 } as const;

/**
 * From how many on the part of all files counts. A handful is housekeeping, and one save of everything is
 * a formatter's work more often than harm; either is in the trash or in the history.
 */
const LEAST: Record<Deed, Pick<Limit, 'least' | 'all'>> = {
  delete: { least: 25, all: 10 },
  overwrite: { least: 50, all: 50 },
};

/** The limits of these deeds; the others are never asked about. */
export function limitsOf(
  deeds: readonly Deed[],
  { over, share }: Pick<Limit, 'over' | 'share'> = USUAL,
): Limits {
  return Object.fromEntries(deeds.map((deed) => [deed, { over, share, ...LEAST[deed] }]));
}

/**
 * What would be lost when `from` becomes `target`, of these steps. A file that is gone, and another at its
 * path, is one that was overwritten: `rm -r` and a new build are no deletion.
 */
export function* lossesOf(
  direction: Direction,
  steps: readonly Step[],
  { from, target }: { readonly from: Tree; readonly target: Tree },
): Iterable<Loss> {
  const directories = new Map<NodeId, NodeId | undefined>();
  const directoryFor = (parent: NodeId): NodeId | undefined => {
    if (!directories.has(parent)) directories.set(parent, sameDirectory(parent, from, target));
    return directories.get(parent);
  };
  for (const step of steps) {
    const loss = lossOf(direction, step);
    if (loss === undefined) continue;
    const directory =
      loss.deed === 'delete' ? directoryFor(step.before?.parent ?? ROOT) : undefined;
    const id = directory && target.find(directory, step.before?.name ?? '');
    const other = id === undefined ? undefined : target.get(id);
    if (other?.kind !== 'file') yield loss;
    else if (other.checksum !== loss.lost)
      yield { ...loss, deed: 'overwrite', made: other.checksum };
  }
}

/** The directory that has in `to` the path that this one has in `from`. */
function sameDirectory(directory: NodeId, from: Tree, to: Tree): NodeId | undefined {
  const path = directory === ROOT ? [] : pathOf(from, directory);
  return path && nodeAt(to, path);
}

/** What a loss is, by what it is of: only what happens to a file's bytes counts, not its place, time or mode. */
export function lossOf(direction: Direction, { node, before, after }: Step): Loss | undefined {
  if (before?.kind !== 'file') return undefined;
  const { checksum: lost, mtime: time } = before;
  if (after === undefined) return { node, direction, deed: 'delete', lost, time, made: '' };
  if (after.kind !== 'file' || sameBytes(before, after)) return undefined;
  return { node, direction, deed: 'overwrite', lost, time, made: after.checksum };
}

export interface Mass {
  /** Of one deed in one direction, that nobody has allowed. */
  readonly losses: readonly Loss[];
  /** Of the same sort, let through a short while ago: a slow deletion is seen in pieces. */
  readonly recent: readonly Loss[];
  /** What both sides agreed on: how many files there are. */
  readonly synced: Tree;
  /** What both sides are to become: where contents live on. */
  readonly target: Tree;
  /** Every node that might have one of these contents in the target; more do no harm. */
  readonly nodesWith: (checksums: ReadonlySet<string>) => Iterable<NodeId>;
}

/**
 * Which of these losses are to be asked about: none, or all but those whose content lives on at another
 * place (a rename that was seen as a deletion and a creation). Costs what is lost; contents are looked for
 * only when there is a mass of it.
 */
export function massOf(mass: Mass, limit: Limit): readonly Loss[] {
  const known = new Set(mass.losses.map(({ node }) => node));
  const recent = mass.recent.filter(({ node }) => !known.has(node));
  const all = [...mass.losses, ...recent];
  const isMass = (count: number): boolean =>
    isOver(count, limit, (most) => gone(recent) + filesUpTo(mass.synced, most));
  if (!isMass(all.length)) return [];
  const lost = withoutMoved(all, mass);
  return isMass(lost.size) ? mass.losses.filter((loss) => lost.has(loss)) : [];
}

/** What was deleted a while ago was a file like the others, and both have forgotten it. */
const gone = (recent: readonly Loss[]): number =>
  recent.filter(({ deed }) => deed === 'delete').length;

function isOver(
  count: number,
  { over, share, least, all }: Limit,
  filesUpToMost: (most: number) => number,
): boolean {
  if (count > over) return true;
  if (count < Math.min(least, all)) return false;
  const total = filesUpToMost(Math.floor(count / share) + 1);
  return (count >= least && count >= total * share) || (count >= all && count >= total);
}

/** Counts files until there are so many that no more matter. */
function filesUpTo(tree: Tree, most: number): number {
  let count = 0;
  for (const id of below(tree, ROOT)) {
    if (tree.get(id)?.kind === 'file') count += 1;
    if (count >= most) break;
  }
  return count;
}

/** Each place at which a content lives on makes up for one loss of it. */
function withoutMoved(
  losses: readonly Loss[],
  { target, nodesWith }: Pick<Mass, 'target' | 'nodesWith'>,
): Set<Loss> {
  const waiting = new Map<string, Loss[]>();
  for (const loss of losses) {
    const same = waiting.get(loss.lost);
    if (same === undefined) waiting.set(loss.lost, [loss]);
    else same.push(loss);
  }
  const lost = new Set(losses);
  for (const id of new Set(nodesWith(new Set(waiting.keys())))) {
    const entry = target.get(id);
    const moved = entry?.kind === 'file' ? waiting.get(entry.checksum)?.pop() : undefined;
    if (moved !== undefined) lost.delete(moved);
  }
  return lost;
}
