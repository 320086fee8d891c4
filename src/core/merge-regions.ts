/** Three versions of one text, by lines with their ends. */
export interface Versions {
  /** What both sides were made from. */
  readonly base: readonly string[];
  readonly left: readonly string[];
  readonly right: readonly string[];
}

/** A stretch of the merged text. */
export type MergeRegion =
  | { readonly kind: 'same'; readonly lines: readonly string[] }
  /** One side changed it, or both alike: so it is in the result. */
  | {
      readonly kind: 'changed';
      readonly by: 'left' | 'right' | 'both';
      readonly lines: readonly string[];
    }
  /** Both changed it, or changes touch each other: no rule says what the result has there. */
  | {
      readonly kind: 'contested';
      readonly left: readonly string[];
      readonly right: readonly string[];
    };

/** What a three-way comparison of `left`, `base` and `right` answers, from the beginning to the end. */
export type Diff3Region =
  | {
      readonly stable: true;
      /** Whose content it is: `o`, the base's, where nobody changed it. */
      readonly buffer: 'a' | 'o' | 'b';
      readonly bufferContent: readonly number[];
    }
  | {
      readonly stable: false;
      readonly aContent: readonly number[];
      readonly bContent: readonly number[];
    };

/** The comparison itself is a library's: it compares numbers, which mean nothing to an object. */
export type Diff3 = (left: number[], base: number[], right: number[]) => readonly Diff3Region[];

/**
 * How much comparing a merge may cost: roughly the steps that the library takes. Half a second of them; a text
 * of many thousand lines that are all alike would otherwise stand still for hours.
 */
const MAX_WORK = 4e8;

/**
 * Rule M9: what one side changed is taken from that side, what both changed alike is taken once; the rest is contested.
 * Undefined where comparing would take too long. With the sides swapped, so is the answer.
 */
export function mergeRegions(versions: Versions, diff3: Diff3): MergeRegion[] | undefined {
  const { base, left, right } = versions;
  const all = [base, left, right];
  const head = commonHead(all, 0);
  const tail = commonHead(
    all.map((lines) => lines.toReversed()),
    head,
  );
  const middleOf = (lines: readonly string[]) => lines.slice(head, lines.length - tail);
  const middle = { base: middleOf(base), left: middleOf(left), right: middleOf(right) };
  const regions = mergeMiddle(middle, diff3);
  if (regions === undefined) return undefined;
  const ends = [base.slice(0, head), base.slice(base.length - tail)] as const;
  return [...same(ends[0]), ...regions, ...same(ends[1])];
}

const same = (lines: readonly string[]): MergeRegion[] =>
  lines.length === 0 ? [] : [{ kind: 'same', lines }];

function mergeMiddle({ base, left, right }: Versions, diff3: Diff3): MergeRegion[] | undefined {
  const names = new Map<string, number>();
  const lines: string[] = [];
  const nameOf = (line: string): number => {
    const known = names.get(line) ?? lines.push(line) - 1;
    names.set(line, known);
    return known;
  };
  const [o, a, b] = [base.map(nameOf), left.map(nameOf), right.map(nameOf)];
  if (workOf(o, a) + workOf(o, b) > MAX_WORK) return undefined;
  const textOf = (numbers: readonly number[]) => numbers.map((name) => lines[name] ?? '');
  return diff3(a, o, b).map((region) => regionOf(region, textOf));
}

function regionOf(
  region: Diff3Region,
  textOf: (numbers: readonly number[]) => string[],
): MergeRegion {
  if (region.stable) {
    const lines = textOf(region.bufferContent);
    if (region.buffer === 'o') return { kind: 'same', lines };
    return { kind: 'changed', by: region.buffer === 'a' ? 'left' : 'right', lines };
  }
  const { aContent, bContent } = region;
  const isAlike =
    aContent.length === bContent.length && aContent.every((line, at) => line === bContent[at]);
  return isAlike
    ? { kind: 'changed', by: 'both', lines: textOf(aContent) }
    : { kind: 'contested', left: textOf(aContent), right: textOf(bContent) };
}

/** Every pair of equal lines is looked at, and for each how far it reaches. */
function workOf(from: readonly number[], to: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const line of to) counts.set(line, (counts.get(line) ?? 0) + 1);
  const pairs = from.reduce((sum, line) => sum + (counts.get(line) ?? 0), 0);
  return pairs * Math.min(from.length, to.length);
}

/** How many lines all begin with, when so many at the end are spoken for. */
function commonHead(all: readonly (readonly string[])[], spoken: number): number {
  const most = Math.min(...all.map((lines) => lines.length)) - spoken;
  let count = 0;
  while (count < most && all.every((lines) => lines[count] === all[0]?.[count])) count += 1;
  return count;
}
