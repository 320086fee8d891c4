import type { FolderView } from './by-path.ts';
import type { PastState } from './past.ts';
import { madeAt } from './past-state.ts';
import type { RewindAsked } from './rewind-folder.ts';

/**
 * At a cursor, what that very commit changed is what the commit made of it: answers the first of its changes. By a time, a
 * later one may have been meant: none is exact.
 */
export async function exactFrom(
  { metadata, folder }: FolderView,
  when: RewindAsked['to'],
  to: number,
): Promise<number> {
  if (!('cursor' in when)) return Number.POSITIVE_INFINITY;
  return (await metadata.commitOf(folder, to))?.first ?? to + 1;
}

/** The change that made a node what is known of it, where it may have been another. `exact`: from there on it was not. */
export function roundedTo({ entry, isRounded }: PastState, exact: number): number | undefined {
  if (isRounded !== true || entry === undefined) return undefined;
  const version = madeAt(entry);
  return version < exact ? version : undefined;
}
