/** The most that a group holds; one that is larger than `size` alone is a group of its own. */
export interface GroupLimit {
  readonly size: number;
  /** How many; as many as fit, unless said. */
  readonly count?: number;
}

/** All of them in their order, as many in a group as fit. */
export function* inGroups<T>(
  all: Iterable<T>,
  { size: most, count = Number.POSITIVE_INFINITY }: GroupLimit,
  sizeOf: (one: T) => number,
): Generator<T[]> {
  let group: T[] = [];
  let size = 0;
  for (const one of all) {
    const more = sizeOf(one);
    if (group.length > 0 && (group.length >= count || size + more > most)) {
      yield group;
      group = [];
      size = 0;
    }
    group.push(one);
    size += more;
  }
  if (group.length > 0) yield group;
}
