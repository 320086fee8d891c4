import type { NodeId } from './entry.ts';

/** What is kept of the versions of a certain age. */
export interface Tier {
  /** Up to this age, in milliseconds. */
  readonly until: number;
  /** Of each span of so many milliseconds, the last version; 0: all. */
  readonly every: number;
  /** Of each client its last. */
  readonly isByClient: boolean;
}

export interface Retention {
  /**
   * The youngest first, each up to a greater age than the one before, with a span that is a multiple of its. What is within the first one
   * is not touched, and stands for nothing older. Beyond the last one only a node's last version is kept.
   */
  readonly tiers: readonly Tier[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Cursors, in order: what a node was at one of them is what somebody goes on from, and is kept. */
  readonly agreed: readonly number[];
}

/** One change of a node, and what it made of it. */
export interface HeldVersion {
  readonly node: NodeId;
  readonly cursor: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly clientId: string;
  /** It made the node, moved or deleted it, or is a merge: the tree’s shape, and what was merged, are not thinned. */
  readonly isFixed: boolean;
}

/**
 * Whether a version goes, asked of one node's versions, the newest first, all of them. Spans are those of the clock since 1970, and each
 * lies within one of the next tier: so thinning every hour leaves what thinning once would have left, and a second time does nothing.
 * Never the last version. Where the clock was put back, a version counts as no younger than those after it.
 */
export function thinning({ tiers, now, agreed }: Retention): (version: HeldVersion) => boolean {
  const lastOf = new Map<string, number>();
  let last: number | undefined;
  let newer: { readonly cursor: number; readonly time: number } | undefined;
  return ({ cursor, time: said, clientId, isFixed }) => {
    const time = Math.min(said, newer?.time ?? said);
    const age = now - time;
    const tier = tiers.find(({ until }) => age < until) ?? BEYOND;
    const isNeeded = newer !== undefined && isBetween(agreed, cursor, newer.cursor);
    newer = { cursor, time };
    if (tier === tiers[0]) return false;
    const after = tier.isByClient ? lastOf.get(clientId) : last;
    last = time;
    lastOf.set(clientId, time);
    if (isFixed || isNeeded || after === undefined) return false;
    return Math.floor(after / tier.every) === Math.floor(time / tier.every);
  };
}

const BEYOND: Tier = { until: Infinity, every: Infinity, isByClient: false };

/** Whether one of the numbers, which are in order, is `from` or greater, and less than `to`. */
function isBetween(numbers: readonly number[], from: number, to: number): boolean {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return (numbers[low] ?? Infinity) < to;
}
