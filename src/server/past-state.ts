import type { Versioned } from '../core/entry.ts';

export interface Around {
  /** The node's last record up to the cursor that is kept. */
  readonly last: { readonly after: Versioned | undefined } | undefined;
  /** Its first one after the cursor that is kept. */
  readonly next: { readonly before: Versioned | undefined } | undefined;
}

export interface Known {
  readonly entry: Versioned | undefined;
  /** Present: versions about that cursor are gone, and the node may have been another one than this. */
  readonly isRounded?: true;
}

/**
 * What a node was at a cursor, by the records around it. What the next one replaced is what the node was from the change on that made
 * it, whether its record is there or not; before that, it is the last state that is kept or, if there is none, the first.
 */
export function pastState(at: number, { last, next }: Around): Known {
  if (next === undefined) return { entry: last?.after };
  const { before } = next;
  if (before !== undefined && madeAt(before) <= at) return { entry: before };
  const entry = last === undefined ? before : last.after;
  if (entry === undefined && before === undefined) return { entry };
  return { entry, isRounded: true };
}

/** The change that made a node what it is. */
export const madeAt = ({ placeVersion, contentVersion }: Versioned): number =>
  Math.max(placeVersion, contentVersion);
