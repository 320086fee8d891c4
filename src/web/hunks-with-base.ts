import { diff3MergeRegions } from 'node-diff3';
import { mergeRegions } from '../core/merge-regions.ts';
import { type Hunk, linesOf } from './merge-hunks.ts';

interface Texts {
  /** The version that both came from. */
  readonly base: string;
  readonly left: string;
  readonly right: string;
}

/** As clients merge (rule M9): what only one changed is taken, the rest is a question. Undefined: it would take too long. */
export function hunksWithBase({ base, left, right }: Texts): Hunk[] | undefined {
  const versions = { base: linesOf(base), left: linesOf(left), right: linesOf(right) };
  return mergeRegions(versions, (a, o, b) => diff3MergeRegions(a, o, b))?.map((region): Hunk => {
    if (region.kind === 'same') return region;
    if (region.kind === 'changed') return { kind: 'taken', lines: region.lines };
    return { kind: 'differs', left: region.left, right: region.right };
  });
}
