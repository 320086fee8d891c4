import { diffArrays } from 'diff';
import { linesOf } from './merge-hunks.ts';

interface Candidate {
  readonly text: string;
}

/** Changed lines beyond which two texts count as unlike. */
const MOST_EDITS = 1_500;

/**
 * The version that two texts were most likely made from, of earlier ones, the oldest first: the one from which the
 * fewest lines lead to both. Every version between the right one and either text has equally many, so of equals the
 * oldest is it: what came after it is one side's edit, and must not be taken for what the other took away. Undefined
 * where either text has little in common with all of them.
 */
export function likelyBase<C extends Candidate>(
  candidates: readonly C[],
  { left, right }: { readonly left: string; readonly right: string },
): C | undefined {
  const sides = [linesOf(left), linesOf(right)];
  let best: { readonly candidate: C; readonly edits: number } | undefined;
  for (const candidate of candidates) {
    const base = linesOf(candidate.text);
    const edits = sides.map((side) => editsBetween(base, side));
    // More than a text has lines: less than half of the version is still in it.
    if (edits.some((count, at) => count > (sides[at]?.length ?? 0))) continue;
    const sum = edits.reduce((all, count) => all + count, 0);
    if (best === undefined || sum < best.edits) best = { candidate, edits: sum };
  }
  return best?.candidate;
}

function editsBetween(from: readonly string[], to: readonly string[]): number {
  const parts = diffArrays([...from], [...to], { maxEditLength: MOST_EDITS });
  if (parts === undefined) return Number.POSITIVE_INFINITY;
  return parts.reduce((sum, { added, removed, count }) => sum + (added || removed ? count : 0), 0);
}
