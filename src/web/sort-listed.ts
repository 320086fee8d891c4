import type { Listed } from '../protocol/listing.ts';

export type SortKey = 'name' | 'size' | 'time';
export interface Sorting {
  readonly by: SortKey;
  readonly isDescending: boolean;
}

/** `file 2` stands before `file 10`, and ä beside a. */
const NAMES = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

const amountOf = {
  size: ({ size }: Listed) => size ?? -1,
  time: ({ modified_time: time }: Listed) => (time === undefined ? 0 : Date.parse(time)),
} as const;

/** Directories first, whatever the order is; what is equal, by name. */
export function sortListed(listed: readonly Listed[], { by, isDescending }: Sorting): Listed[] {
  const sign = isDescending ? -1 : 1;
  const byName = (a: Listed, b: Listed): number =>
    NAMES.compare(a.name, b.name) || (a.path < b.path ? -1 : 1);
  const byValue = (a: Listed, b: Listed): number => {
    if (by === 'name') return sign * byName(a, b);
    return sign * (amountOf[by](a) - amountOf[by](b)) || byName(a, b);
  };
  return listed.toSorted((a, b) => Number(isFile(a)) - Number(isFile(b)) || byValue(a, b));
}

const isFile = ({ kind }: Listed): boolean => kind !== 'directory';

/** What a click on a column's head leads to: that column, and the other way round when it is already. Names begin with a, sizes and times with the largest. */
export const nextSorting = (sorting: Sorting, by: SortKey): Sorting =>
  sorting.by === by
    ? { by, isDescending: !sorting.isDescending }
    : { by, isDescending: by !== 'name' };
